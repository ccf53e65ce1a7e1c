/// The version of Pare, as its files note it and `--version` prints it.
public let programVersion = "0.1.0"
