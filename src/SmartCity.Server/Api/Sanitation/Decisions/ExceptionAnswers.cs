using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Decisions;
using ExceptionEffect = SmartCity.Protocol.V1.ExceptionEffect;
using ExceptionState = SmartCity.Storage.Registry.Decisions.ExceptionState;

namespace SmartCity.Server.Api.Sanitation.Decisions;

/// <summary>Answers DeclareException, DecideException and ListExceptions.</summary>
internal sealed class ExceptionAnswers(SanitationRequests requests, DecisionStore store, ExceptionEffects effects)
{
    private const int IdsCompared = 10_000;
    private const int NearMax = 3;

    public async Task<DeclareExceptionResponse> AnswerAsync(DeclareExceptionRequest request, CancellationToken cancellation)
    {
        var declared = ExceptionRequests.From(request, requests) with { Declared = requests.Now };
        var known = await store.FindExceptionAsync(declared.Id, cancellation);
        var effect = await effects.OfAsync(known ?? declared, null, cancellation);
        if (known is null)
        {
            Refuse(declared, effect);
        }
        var recorded = request.ValidateOnly && known is null ? declared
            : await RefusingAsync(() => store.DeclareAsync(declared, cancellation));
        return new DeclareExceptionResponse
        {
            Exception = DecisionMessages.Of(recorded),
            Effect = effect,
            Notes = { ExceptionNotes.Of(recorded, effect, requests.Rules) },
        };
    }

    public async Task<DecideExceptionResponse> AnswerAsync(DecideExceptionRequest request, CancellationToken cancellation)
    {
        var kind = DecisionFields.DecisionOf(request.Decision, mayWithdraw: true);
        var decision = new HumanDecision(
            kind, DecisionFields.PersonOf(request.DecidedBy, "decided_by"), request.AsSupervisor,
            DecisionFields.NoteOf(request.Reason, "reason", kind switch
            {
                DecisionKind.Reject => "reject",
                DecisionKind.Withdraw => "withdraw",
                _ => null,
            }),
            requests.Now);
        var known = await store.FindExceptionAsync(request.ExceptionId, cancellation)
            ?? throw await MissingAsync(request.ExceptionId, cancellation);
        if (kind == DecisionKind.Approve && known.State == ExceptionState.Declared && known.ProblemOf(decision) is null)
        {
            RefuseWithoutSupervisor(known, decision, await effects.OfAsync(known, decision, cancellation));
        }
        var decided = await RefusingAsync(() => store.DecideAsync(known.Id, decision, cancellation)) ?? known;
        var effect = await effects.OfAsync(decided, null, cancellation);
        return new DecideExceptionResponse
        {
            Exception = DecisionMessages.Of(decided),
            Effect = effect,
            Notes = { ExceptionNotes.Of(decided, effect, requests.Rules) },
        };
    }

    public async Task<ListExceptionsResponse> AnswerAsync(ListExceptionsRequest request, CancellationToken cancellation)
    {
        Pages.SizeOf(request.PageSize);
        var first = SanitationRequests.DateOf(request.FirstDate, "first_date") ?? DateOnly.MinValue;
        var last = SanitationRequests.DateOf(request.LastDate, "last_date") ?? DateOnly.MaxValue;
        if (first > last)
        {
            throw new InvalidQueryException("last_date", $"{last:yyyy-MM-dd} is before first_date {first:yyyy-MM-dd}.");
        }
        var states = request.States.Select(s => (ExceptionState)s).ToHashSet();
        if (states.Any(s => !Enum.IsDefined(s)))
        {
            throw new InvalidQueryException("states", "holds no state. Use the names of ExceptionState, or leave the list empty.");
        }
        var (evaluation, fingerprint, _) = await requests.KnownAsync(request, request.AsOf, request.PageToken, cancellation);
        var known = (await store.ExceptionsAsync(first, last, evaluation, cancellation))
            .Where(e => states.Count == 0 || states.Contains(e.State)).Reverse().ToList();
        var (page, next) = Pages.Take(known, request.PageSize, request.PageToken, fingerprint, evaluation);
        return new ListExceptionsResponse { Exceptions = { page.Select(DecisionMessages.Of) }, NextPageToken = next };
    }

    /// <summary>What contradicts earlier decisions is a question that cannot be answered as it stands.</summary>
    internal static async Task<T> RefusingAsync<T>(Func<Task<T>> write)
    {
        try
        {
            return await write();
        }
        catch (DecisionRefusedException refused)
        {
            throw new InvalidQueryException(refused.Field, refused.Message);
        }
    }

    private static void Refuse(DeclaredException declared, ExceptionEffect effect)
    {
        if (effect.Covered == 0)
        {
            throw new InvalidQueryException(
                "scope", "covers nothing that is due in these windows on these dates. ListObligations has what is due; a truck is in "
                    + "scope for what is assigned to it, not for what its route serves.");
        }
        if (effect.Untouched == effect.Covered)
        {
            throw new InvalidQueryException(
                "reason", $"a VEHICLE_BREAKDOWN never excuses, and all {effect.Covered} windows had started by {declared.Declared}. "
                    + "They stay due: another truck has to come.");
        }
    }

    private static void RefuseWithoutSupervisor(DeclaredException known, HumanDecision approval, ExceptionEffect effect)
    {
        if (!approval.IsSupervisor && effect.Covered > 0 && effect.NeedSupervisor == effect.Covered)
        {
            throw new InvalidQueryException(
                "as_supervisor", $"exception '{known.Id}' was declared more than 48 h after the cutoff of all {effect.Covered} windows. "
                    + "Only a supervisor can approve it.");
        }
    }

    private async Task<NotFoundException> MissingAsync(string id, CancellationToken cancellation)
    {
        var near = EditDistance.NearestOf(id, await store.ExceptionIdsAsync(IdsCompared, cancellation), NearMax);
        return new NotFoundException(
            "exception", id, near.Count > 0 ? $"Near it: {string.Join(", ", near)}."
                : "ListExceptions (smartcity exceptions list) has the ids.");
    }
}
