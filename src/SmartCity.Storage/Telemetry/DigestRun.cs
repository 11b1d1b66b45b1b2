namespace SmartCity.Storage.Telemetry;

/// <summary>Stands for a round of digesting: since it began the store has noted what came in.</summary>
public sealed class DigestRun;
