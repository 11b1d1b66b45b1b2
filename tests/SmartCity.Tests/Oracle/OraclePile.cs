namespace SmartCity.Tests.Oracle;

/// <summary>Everything that the rules say of one pile.</summary>
internal sealed class OraclePile
{
    public OraclePile(OracleWorld world, int number)
    {
        Number = number;
        var ordered = OracleRecords.Of(world, number);
        Faults = new OracleFaults(ordered);
        Statuses = new OracleStatuses(world, number, ordered, Faults);
        Energy = new OracleEnergy(world, number, ordered);
    }

    public int Number { get; }

    public OracleFaults Faults { get; }

    public OracleStatuses Statuses { get; }

    public OracleEnergy Energy { get; }
}
