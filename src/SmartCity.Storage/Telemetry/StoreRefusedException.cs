namespace SmartCity.Storage.Telemetry;

/// <summary>The store refuses the content of what it was given, now and on every other try.</summary>
public sealed class StoreRefusedException(string message) : Exception(message);
