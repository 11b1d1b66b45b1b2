namespace SmartCity.Cli.Asking;

/// <summary>The command line was understood but makes no sense. The message says what to write instead.</summary>
public sealed class UsageException(string message) : Exception(message);
