using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>Sums a world second by second.</summary>
internal sealed class OracleTable
{
    private readonly OracleWorld world;
    private readonly OracleCalendar calendar;
    private readonly OracleSums[,] rows;

    public OracleTable(OracleWorld world, BucketKind kind)
    {
        this.world = world;
        calendar = new OracleCalendar(world, kind);
        rows = new OracleSums[world.Groups, calendar.Rows];
        for (var group = 0; group < world.Groups; group++)
        {
            for (var row = 0; row < calendar.Rows; row++)
            {
                rows[group, row] = new OracleSums();
            }
        }
        Piles = [.. Enumerable.Range(0, world.Piles.Count).Select(pile => new OraclePile(world, pile))];
        for (var second = 0; second < world.Seconds; second++)
        {
            AddSecond(second);
        }
        foreach (var pile in Piles)
        {
            AddEnergy(pile);
        }
    }

    public IReadOnlyList<OraclePile> Piles { get; }

    public OracleCalendar Calendar => calendar;

    public OracleSums Total { get; } = new();

    public OracleSums Row(int group, int row) => rows[group, row];

    private void AddSecond(int second)
    {
        var at = world.From + second;
        var (row, hour) = (calendar.RowAt(at), calendar.HourAt(at));
        var compounds = new OracleCompound[4]; // Two compounds, two kinds of piles.
        foreach (var pile in Piles)
        {
            var version = world.VersionAt(pile.Number, at);
            for (var port = 1; port <= version?.Ports; port++)
            {
                if (world.GroupOf(pile.Number, version, port) is { } group)
                {
                    var status = pile.Statuses.At(port, second);
                    rows[group, row].Add(pile.Number, port, status, hour);
                    Total.Add(pile.Number, port, status, hour);
                    compounds[(version.Compound * 2) + (int)version.Kind - 1].Add(status);
                }
            }
        }
        for (var i = 0; i < compounds.Length; i++)
        {
            compounds[i].AddTo(Total);
            if (world.Grouping == Grouping.Compound && i / 2 < world.CompoundsInScope)
            {
                compounds[i].AddTo(rows[i / 2, row]);
            }
        }
    }

    private void AddEnergy(OraclePile pile)
    {
        foreach (var energy in pile.Energy.Postings)
        {
            foreach (var sums in At(pile.Number, energy.Port, energy.At))
            {
                sums.EnergyWh += energy.Wh;
                sums.Suspects += energy.Suspects;
            }
        }
        foreach (var session in pile.Energy.Sessions.Where(s => s.Start <= world.Evaluation))
        {
            foreach (var sums in At(pile.Number, session.Port, session.Start))
            {
                sums.Sessions++;
            }
        }
    }

    /// <summary>Where a moment of a port counts: its row and the total, or nowhere.</summary>
    private OracleSums[] At(int pile, int port, long at) =>
        world.GroupAt(pile, port, at) is { } group ? [rows[group, calendar.RowAt(at)], Total] : [];
}
