using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Sanitation;

/// <summary>What truly happens to a point in one window.</summary>
internal enum StopOutcome
{
    Served,
    Skipped,
    DrivenPast,
    NotReached,
}

/// <summary>A truck on the way from one place to another, or standing, in [From, Until). Parked: with the engine off.</summary>
internal readonly record struct Leg(long From, long Until, Place Start, Place End, bool Parked)
{
    public bool Moves => Start != End;

    public double SpeedKmh => Moves ? Start.DistanceTo(End) / (Until - From) * 3600 : 0;

    public Place At(long at) => Moves ? Start.Toward(End, (at - From) / (double)(Until - From)) : Start;
}

/// <summary>A bin going up. <see cref="TagRead"/> is what the reader got of it.</summary>
internal readonly record struct Lift(long At, PointPlan Point, BinPlan Bin, double NetKg, bool TagRead, Place Truck);

/// <summary>A reader that read a tag which was not on the lift.</summary>
internal readonly record struct GhostRead(long At, BinPlan Bin, Place Truck);

/// <summary>One truck on one local day: without holes from midnight to midnight.</summary>
internal sealed record TruckJourney(string Truck, List<Leg> Legs, List<Lift> Lifts, List<GhostRead> Ghosts);

/// <summary>What truly happened to one obligation.</summary>
/// <param name="At">The first lift; null when it was not served.</param>
/// <param name="Truck">Who served it, or drove past.</param>
/// <param name="Arrived">When the truck stopped there, or passed; null when none came.</param>
/// <param name="Left">When it drove on.</param>
internal sealed record ObligationTruth(
    string Point, string Window, StopOutcome Outcome, long? At, string? Truck, bool Substituted, long? Arrived, long? Left);
