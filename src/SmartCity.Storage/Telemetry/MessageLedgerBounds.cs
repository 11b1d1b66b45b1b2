namespace SmartCity.Storage.Telemetry;

/// <summary>Bounds of the ledger's memory. Past a bound it asks the store, so answers stay exact and become slower.</summary>
/// <param name="Boots">Power-ups remembered, about 200 bytes each; the ones unused for longest go first.</param>
/// <param name="Ranges">Ranges remembered of one power-up; one with more holes is always looked up.</param>
/// <param name="Recent">The newest messages whose content is remembered, about 100 bytes each.</param>
public sealed record MessageLedgerBounds(int Boots = 500_000, int Ranges = 1_000, int Recent = 200_000);
