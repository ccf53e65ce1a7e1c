"""Makes Tests/Fixtures/checkpoints: small checkpoints by the libraries that own the formats, and the
values that those libraries read from them.

Run with numpy, torch, safetensors, huggingface_hub and gguf installed:

    python Tests/Fixtures/checkpoints.py

expected.json: {file: {tensor: {"shape", "bits" (the f32 values as u32) or "integers"}}}.
"""

import json
import pathlib
import shutil

import gguf
import huggingface_hub
import numpy as np
import safetensors.torch
import torch

FOLDER = pathlib.Path(__file__).parent / "checkpoints"
rng = np.random.default_rng(7)
expected = {}


def expect(file, name, array):
    array = np.asarray(array)
    entry = {"shape": list(array.shape)}
    if array.dtype.kind == "f":
        entry["bits"] = array.astype(np.float32).ravel().view(np.uint32).tolist()
    else:
        entry["integers"] = array.astype(np.int64).ravel().tolist()
    expected.setdefault(file, {})[name] = entry


def expect_torch(file, name, tensor):
    expect(file, name, (tensor.float() if tensor.dtype.is_floating_point else tensor).numpy())


def normal(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def integers(dtype, *shape):
    limits = np.iinfo(dtype)
    values = rng.integers(limits.min, limits.max, shape, dtype=dtype, endpoint=True)
    values.ravel()[:2] = limits.min, limits.max
    return values


def safetensors_files():
    tensors = {
        "f64": torch.from_numpy(normal(3, 2)).double(),
        "f32": torch.from_numpy(normal(3, 5)),
        "f16": torch.from_numpy(normal(2, 3, 4)).half(),
        "bf16": torch.from_numpy(normal(4, 6)).bfloat16(),
        "i64": torch.from_numpy(integers(np.int64, 5)),
        "i32": torch.from_numpy(integers(np.int32, 2, 3)),
        "u32": torch.from_numpy(integers(np.uint32, 3)),
        "i16": torch.from_numpy(integers(np.int16, 7)),
        "u16": torch.from_numpy(integers(np.uint16, 3)),
        "i8": torch.from_numpy(integers(np.int8, 9)),
        "u8": torch.from_numpy(integers(np.uint8, 5)),
        "bool": torch.tensor([[True, False, True], [False, False, True]]),
        "scalar": torch.tensor(1.5),
        "empty": torch.zeros(0, 4),
        "z.10.weight": torch.from_numpy(normal(2)),
        "z.9.weight": torch.from_numpy(normal(2)),
        'quoted "name"\t': torch.from_numpy(normal(1)),
        "\u00e9": torch.from_numpy(normal(1)),  # canonically equal to the next name
        "e\u0301": torch.from_numpy(normal(1)),
    }
    file = "types.safetensors"
    safetensors.torch.save_file(tensors, FOLDER / file, metadata={"format": "pt"})
    for name, tensor in tensors.items():
        expect_torch(file, name, tensor)

    # Rounding: values halfway between two neighbours, subnormals, overflow, infinities.
    exact = np.array(
        [0, -0.0, 1, 1 + 2**-8, 1 + 3 * 2**-8, 1 + 2**-8 + 2**-20, 1 + 2**-11, 1 + 3 * 2**-11,
         2**-14, 2**-24, 2**-25, 3 * 2**-25, 1e-7, 65504, 65519, 65520, 1e6, 3.4e38, 1e-39, 1e-45,
         np.inf, -np.inf], np.float32)  # fmt: skip
    values = torch.from_numpy(np.concatenate([exact, -exact, normal(200) * 1e-4, normal(200)]))
    file = "rounding.safetensors"
    tensors = {"f32": values, "bf16": values.bfloat16(), "f16": values.half()}
    safetensors.torch.save_file(tensors, FOLDER / file, metadata={"format": "pt"})
    for name, tensor in tensors.items():
        expect_torch(file, name, tensor)


def gguf_files():
    writer = gguf.GGUFWriter(FOLDER / "types.gguf", "llama")
    writer.add_uint8("test.u8", 200)
    writer.add_int8("test.i8", -100)
    writer.add_uint16("test.u16", 60000)
    writer.add_int16("test.i16", -30000)
    writer.add_uint32("test.u32", 4000000000)
    writer.add_int32("test.i32", -2000000000)
    writer.add_uint64("test.u64", 2**64 - 1)
    writer.add_int64("test.i64", -(2**62))
    writer.add_float32("test.f32", 0.25)
    writer.add_float64("test.f64", 0.1)
    writer.add_bool("test.bool", True)
    writer.add_string("test.string", "pâté")
    writer.add_array("test.strings", ["a", "\u00e9", "e\u0301", ""])
    writer.add_array("test.integers", [1, -2, 3])
    writer.add_array("test.floats", [0.5, -1.5])
    writer.add_array("test.bools", [True, False])
    kinds = gguf.GGMLQuantizationType
    shapes = {"f32": (3, 5), "f16": (2, 3, 4), "bf16": (4, 6), "q4_1": (3, 64), "q8_0": (3, 96)}
    for name, shape in shapes.items():
        kind = kinds[name.upper()]
        data = gguf.quants.quantize(normal(*shape), kind)
        writer.add_tensor(f"blk.0.{name}.weight", data, raw_dtype=kind)
        expect("types.gguf", f"blk.0.{name}.weight", gguf.quants.dequantize(data, kind))

    # Blocks of random bytes: every nibble, bit and scale; the f16 factors alone are kept finite.
    factors = {"q4_0": [0], "q5_0": [0], "q5_1": [0, 2], "q4_k": [0, 2], "q6_k": [208]}
    random = np.random.default_rng(8)
    for name, offsets in factors.items():
        kind = kinds[name.upper()]
        _, size = gguf.GGML_QUANT_SIZES[kind]
        blocks = random.integers(0, 256, (3, 2, size), np.uint8)
        for offset in offsets:
            halves = random.standard_normal((3, 2, 1)).astype(np.float16)
            blocks[..., offset : offset + 2] = halves.view(np.uint8)
        data = blocks.reshape(3, 2 * size)
        writer.add_tensor(f"blk.0.{name}.weight", data, raw_dtype=kind)
        expect("types.gguf", f"blk.0.{name}.weight", gguf.quants.dequantize(data, kind))

    # As llama.cpp's converter permutes q and k: 3 heads of 8 rows.
    rows = normal(24, 32)
    permuted = rows.reshape(3, 2, 4, 32).swapaxes(1, 2).reshape(24, 32)
    data = gguf.quants.quantize(permuted, kinds.Q8_0)
    writer.add_tensor("blk.0.attn_q.weight", data, raw_dtype=kinds.Q8_0)
    plain = gguf.quants.dequantize(gguf.quants.quantize(rows, kinds.Q8_0), kinds.Q8_0)
    expect("unpermuted", "blk.0.attn_q.weight", plain)
    close(writer)

    writer = gguf.GGUFWriter(FOLDER / "unread.gguf", "llama")
    data = np.zeros((2, 84), np.uint8)
    writer.add_tensor("blk.0.ffn_down.weight", data, raw_dtype=kinds.Q2_K)
    close(writer)


def close(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def numpy_files():
    arrays = {
        "f8": normal(2, 3).astype("<f8"),
        "f4": normal(2, 3),
        "f2": normal(2, 3).astype("<f2"),
        "i8": integers(np.int64, 4),
        "i4": integers(np.int32, 2, 3),
        "i2": integers(np.int16, 3),
        "i1": integers(np.int8, 3),
        "u4": integers(np.uint32, 3),
        "u2": integers(np.uint16, 3),
        "u1": integers(np.uint8, 3),
        "b1": np.array([[True, False], [False, True]]),
        "scalar": np.float32(2.5),
        "empty": np.zeros((0, 3), np.float32),
        "wide": normal(1, 2, 1, 2, 1, 2, 1),
    }
    for name, array in arrays.items():
        np.save(FOLDER / f"{name}.npy", array)
        expect(f"{name}.npy", "", array)
    for version in (2, 3):
        with open(FOLDER / f"version{version}.npy", "wb") as file:
            np.lib.format.write_array(file, arrays["f4"], version=(version, 0))
        expect(f"version{version}.npy", "", arrays["f4"])
    np.save(FOLDER / "fortran.npy", np.asfortranarray(arrays["f4"]))
    np.save(FOLDER / "big.npy", arrays["f4"].astype(">f4"))
    np.save(FOLDER / "records.npy", np.zeros(2, [("a", "<f4"), ("b", "<i4")]))
    np.save(FOLDER / "complex.npy", np.zeros(2, np.complex64))


def folders():
    folder = FOLDER / "sharded"
    folder.mkdir()
    tensors = {f"layers.{n}.weight": torch.from_numpy(normal(4, 8)) for n in range(5)}
    tensors["ids"] = torch.from_numpy(integers(np.int64, 4))
    huggingface_hub.save_torch_state_dict(tensors, folder, max_shard_size=300)
    (folder / "config.json").write_text(json.dumps({"model_type": "llama", "my_key": [1, 2.0]}))
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": 2}))
    (folder / "tokenizer.json").write_text("{}")
    for name, tensor in tensors.items():
        expect_torch("sharded", name, tensor)


if __name__ == "__main__":
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    safetensors_files()
    gguf_files()
    numpy_files()
    folders()
    (FOLDER / "expected.json").write_text(json.dumps(expected))
