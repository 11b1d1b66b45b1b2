namespace SmartCity.Storage.Telemetry;

/// <summary>Bounds of the ledger's memory. Past a bound it asks the store, so answers stay exact and become slower.</summary>
public sealed class MessageLedgerOptions
{
    /// <summary>Power-ups remembered, about 200 bytes each; the ones unused for longest go first.</summary>
    public int BootsMax { get; set; } = 500_000;

    /// <summary>Ranges remembered of one power-up; one with more holes is always looked up.</summary>
    public int RangesMax { get; set; } = 1_000;

    /// <summary>The newest messages whose content is remembered, about 100 bytes each.</summary>
    public int RecentMax { get; set; } = 200_000;
}
