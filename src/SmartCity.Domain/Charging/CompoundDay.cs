namespace SmartCity.Domain.Charging;

/// <summary>What the ports of one kind in a compound were together on a day, in ms.</summary>
/// <param name="Saturated">Enough were seen, and none was free.</param>
/// <param name="Unknown">Too few were seen.</param>
/// <param name="Blackout">Every one was down.</param>
public readonly record struct CompoundDay(long Saturated, long Unknown, long Blackout);
