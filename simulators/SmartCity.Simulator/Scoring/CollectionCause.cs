using SmartCity.Protocol.V1;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Scoring;

/// <summary>Why a verdict differs from the truth, as far as the truth tells.</summary>
internal sealed class CollectionCause(
    TruthLines truth, TrueObligation obligation, Obligation answer, IReadOnlyDictionary<string, List<TruckWatch>> doubts,
    (long From, long Until) acceptance)
{
    private const long EdgeMs = 6 * CityTime.MinuteMs, ShortMs = 120 * CityTime.SecondMs, CanyonMs = 10 * CityTime.MinuteMs;

    public string Find(Verdict real, Verdict said) => (real, said) switch
    {
        (_, Verdict.Undetermined) => Doubted(),
        (Verdict.Missed, _) => Imagined(),
        (_, Verdict.Missed) => Overlooked(),
        _ => Shifted(),
    };

    private string Doubted()
    {
        if (obligation.At is { } at && truth.IsBlind(obligation.Truck!, at - EdgeMs, at + EdgeMs))
        {
            return "what the truck measured of its visit was lost";
        }
        var watches = doubts.GetValueOrDefault(obligation.Id, []);
        if (watches.Exists(w => truth.IsBlind(w.TruckId, Ms(w.BlindFrom, long.MinValue), Ms(w.BlindUntil, long.MaxValue))))
        {
            return "what a truck measured was lost: it could have come";
        }
        if (obligation.At is null && obligation.Outcome == "DrivenPast" && watches.Exists(w => w.TruckId == obligation.Truck
            && Ms(w.BlindUntil, long.MaxValue) - Ms(w.BlindFrom, 0) <= ShortMs))
        {
            return "driven past, seen there between positions too far apart to tell that from a stop";
        }
        if (obligation.At is { } stood && watches.Exists(w => Ms(w.BlindFrom, 0) <= stood && stood <= Ms(w.BlindUntil, long.MaxValue)))
        {
            return "a stop too short for its positions to be told from a pass";
        }
        return watches.Exists(w => truth.IsStray(w.TruckId, Ms(w.BlindFrom, 0)) || truth.IsStray(w.TruckId, Ms(w.BlindUntil, 0)))
            ? "a fix far off the parked truck: it seems to have moved between two fixes 5 min apart"
            : obligation.Canyon && watches.Exists(w => Ms(w.BlindUntil, long.MaxValue) - Ms(w.BlindFrom, 0) < CanyonMs)
            ? "several fixes in a row failed between high walls" : Disagreement.Unexplained;
    }

    private string Overlooked() => obligation.Truck is { } truck
        && truth.Blind.GetValueOrDefault(truck, []).Exists(
            b => b.Touches(obligation.At!.Value, obligation.At.Value + 1) && b.Until - b.From < ShortMs)
        ? "a visit shorter than the gap that counts as blind, in a gap shorter than that" : Disagreement.Unexplained;

    private string Imagined()
    {
        if (obligation.At is { } at)
        {
            return "collected outside acceptance" + (Math.Abs(at - acceptance.Until) < EdgeMs ? ", at its edge" : "");
        }
        return answer is { Probable: true, PrimaryVisit: { } visit }
            && (truth.IsStray(visit.TruckId, Ms(visit.ArriveTime, 0)) || truth.IsStray(visit.TruckId, Ms(visit.DecisionTime, 0)))
            ? "a fix far off a truck that stood nearby (said to be only probable)" : Disagreement.Unexplained;
    }

    private string Shifted()
    {
        if (obligation.Truck == DeviceClock.FastTruck)
        {
            return "the truck's clock is wrong";
        }
        var at = obligation.At!.Value;
        var edge = new[] { obligation.WindowFrom, obligation.WindowUntil + (15 * CityTime.MinuteMs) }.Min(e => Math.Abs(e - at));
        return edge < EdgeMs ? "first lift not read: another moment of the visit decides" : Disagreement.Unexplained;
    }

    private static long Ms(Google.Protobuf.WellKnownTypes.Timestamp? at, long otherwise) =>
        at is null ? otherwise : FaultScore.Ms(at);
}
