namespace SmartCity.Simulator.Scoring;

/// <summary>How right a server's answers about the period of a truth are.</summary>
internal sealed class Score(TruthLines truth, ServerAnswers answers)
{
    public TruthLines Truth => truth;

    public CollectionScore Collections { get; } = new(truth, answers);

    public FaultScore Faults { get; } = new(truth, answers);

    public SessionScore Sessions { get; } = new(truth, answers);

    public UseScore Use { get; } = new(truth, answers);

    public IEnumerable<Disagreement> Disagreements => Collections.Disagreements.Concat(Faults.Disagreements)
        .Concat(Sessions.Disagreements).Concat(Use.Disagreements);
}
