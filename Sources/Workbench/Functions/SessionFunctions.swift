import Files
import JSONFormat
import Kernels
import Language

extension Session {
  /// json, read_json, seed, device, precision, display, clear_output, help.
  var sessionFunctions: [BuiltinFunction] {
    [
      function(
        "json", "value", "The value as JSON text on one line.", example: "print(json({\"a\": 1}))"
      ) { .string(try $0.value("value").json().text()) },
      function(
        "read_json", "path", "The value that a JSON file holds.",
        example: "read_json(\"student/config.json\")"
      ) { [unowned self] arguments in
        let place = path(try arguments.string("path"))
        do {
          return try Value(json: MappedFile(path: place).withBytes { try JSON(reading: $0) })
        } catch let error as JSONError {
          throw FileError(path: place, reason: error.description)
        }
      },
      function("seed", "n", "Sets the session's seed.", example: "seed(1)") {
        [unowned self] arguments in
        seed = try arguments.int("n")
        return .none
      },
      function(
        "device", "name=None",
        "The device for new tensors and models; sets it where a name is given.",
        example: "device(\"cpu\")"
      ) { [unowned self] arguments in
        if let name = try arguments.optionalString("name") {
          let chosen = try devices.device(named: name)
          try chosen.use(device.precision)
          device = chosen
        }
        return .string(device.name)
      },
      function(
        "precision", "name=None",
        "The type to which matrix products round their operands: 'f32' or 'bf16'; sets it.",
        text: "bf16 rounds operands alone: sums, weights and everything else stay f32.",
        example: "precision(\"bf16\")"
      ) { [unowned self] arguments in
        if !arguments.value("name").isNone {
          let precision: Precision = try arguments.choice("name", called: "precision")
          try device.use(precision)
        }
        return .string(device.precision.rawValue)
      },
      function(
        "display", "value, format=None", "Shows a value as the end of a cell would.",
        text:
          "format=\"svg\" shows a figure as SVG in notebooks and front ends, \"png\" as what it is "
          + "without.",
        example: "display(heatmap(scores.heads), format=\"svg\")"
      ) { [unowned self] arguments in
        var display = try Display(arguments.value("value"), width: width)
        if let format = try arguments.optionalString("format") {
          guard display.figure != nil, ["png", "svg"].contains(format) else {
            throw LanguageError(
              "display shows figures as \"png\" or \"svg\", not "
                + "\(arguments.value("value").typePhrase) as \"\(format)\"")
          }
          display.isVector = format == "svg"
        }
        output(.displayed(display))
        return .none
      },
      function(
        "clear_output", "wait=False", "Removes what the cell has shown so far.",
        text: "wait=True removes it when the next output comes, so that nothing flickers.",
        example: "clear_output()"
      ) {
        [unowned self] arguments in
        output(.cleared(waits: try arguments.bool("wait")))
        return .none
      },
      function(
        "help", "name=None",
        "The signature, text and an example of a function, or what a value is.",
        text: "Takes a value or a name: help(prune), help(\"model.weights\"), help(\"%time\"). "
          + "help(\"magics\") lists the commands of the prompt.",
        example: "help(\"prune\")"
      ) { [unowned self] arguments in
        let text: String
        switch arguments.value("name") {
        case .none: text = overview
        case .string(let name): text = try helpText(name)
        case let value: text = try helpText(of: value, name: nil)
        }
        output(.printed(fitted(text) + "\n"))
        return .none
      },
    ]
  }
}
