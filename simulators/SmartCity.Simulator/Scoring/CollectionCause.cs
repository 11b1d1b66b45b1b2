using SmartCity.Protocol.V1;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Scoring;

/// <summary>Why a verdict differs from the truth, as far as the truth tells.</summary>
internal sealed class CollectionCause(
    TruthLines truth, TrueObligation obligation, Obligation answer, (long From, long Until) acceptance)
{
    private const long EdgeMs = 6 * CityTime.MinuteMs;

    public string Find(Verdict real, Verdict said) => (real, said) switch
    {
        (Verdict.Missed, Verdict.Undetermined) => Doubted(),
        (_, Verdict.Undetermined) => Unseen(),
        (Verdict.Missed, _) => Imagined(),
        (_, Verdict.Missed) => Disagreement.Unexplained,
        _ => Shifted(),
    };

    private string Doubted()
    {
        var blind = obligation.Planned.Where(t => truth.IsBlind(t, acceptance.From, acceptance.Until)).ToList();
        return blind.Count > 0 ? "what a truck of the route measured was lost" : obligation.Canyon
            ? "no fixes between high walls" : Disagreement.Unexplained;
    }

    private string Unseen() => obligation.Truck is { } truck && truth.IsBlind(truck, acceptance.From, acceptance.Until)
        ? "what the truck measured was lost" : obligation.Canyon
        ? "no fixes between high walls" : Disagreement.Unexplained;

    private string Imagined() => obligation.At is { } at
        ? "collected outside acceptance" + (Math.Abs(at - acceptance.Until) < EdgeMs ? ", at its edge" : "")
        : answer.PrimaryVisit is { } visit && visit.TruckId.Length > 0 && obligation.Outcome == "DrivenPast"
        ? "driven past, taken for a stop" : Disagreement.Unexplained;

    private string Shifted()
    {
        if (obligation.Truck == DeviceClock.FastTruck)
        {
            return "the truck's clock is wrong";
        }
        var at = obligation.At!.Value;
        var edge = new[] { obligation.WindowFrom, obligation.WindowUntil + (15 * CityTime.MinuteMs) }.Min(e => Math.Abs(e - at));
        return edge < EdgeMs ? "first lift not read: another moment of the visit decides"
            : obligation.Truck is { } truck && truth.IsBlind(truck, at - CityTime.HourMs, at + CityTime.HourMs)
            ? "the first of two visits was lost" : Disagreement.Unexplained;
    }
}
