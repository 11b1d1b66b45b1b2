using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using Obligation = SmartCity.Domain.Sanitation.Obligation;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Answers ListAtRisk.</summary>
internal sealed class AtRiskAnswers(SanitationRequests requests, SanitationLoader loader, TruckQuality quality)
{
    private const int HorizonMinS = 60;
    private const int HorizonMaxS = 14_400;

    public async Task<ListAtRiskResponse> AnswerAsync(ListAtRiskRequest request, CancellationToken cancellation)
    {
        Pages.SizeOf(request.PageSize);
        var rules = RulesOf(request.HorizonS);
        var keys = requests.KeysOf(request.WindowKeys);
        var asked = await requests.ReadAsync(request, request.Scope, null, request.AsOf, request.PageToken, cancellation);
        // What is open began yesterday at the earliest, and what opens soon may belong to tomorrow.
        var plan = await loader.PlanAsync(
            asked.Registry, requests.Rules, asked.Last.AddDays(-1), asked.Last.AddDays(1),
            RouteCompany.Of(asked.Registry, asked.Points.Ids), asked.Evaluation, cancellation);
        var (outcome, latest) = await loader.JudgeAsync(
            plan, FirstOpening(plan, asked.Evaluation), asked.Evaluation, asked.Evaluation, cancellation);

        bool IsAsked(Obligation due) =>
            asked.Points.Contains(due.Point.Id, due.Start) && (keys.Count == 0 || keys.Contains(due.Window.Key));
        var open = AtRiskBoard.Of(outcome, IsAsked, rules);
        var wanted = request.IncludeOnTrack ? open : [.. open.Where(r => AtRiskBoard.IsUrgent(r, rules, asked.Evaluation))];
        var (page, next) = Pages.Take(wanted, request.PageSize, request.PageToken, asked.Fingerprint, asked.Evaluation);
        return new ListAtRiskResponse
        {
            Obligations = { page.Select(r => OutlookMessages.Of(r, asked.Evaluation)) },
            NextPageToken = next,
            Open = open.Count,
            // Nothing open can be complete or not.
            Quality = await quality.OfAsync(
                asked.Evaluation, null, asked.Evaluation, latest, asked.Registry, requests.Rules, cancellation),
        };
    }

    /// <summary>When the first of the windows opened that may still be served.</summary>
    private static Instant FirstOpening(ObligationPlan plan, Instant now) => plan.Points.SelectMany(p => p.Asked)
        .Where(o => o.AcceptUntil > now && o.AcceptFrom < now).Select(o => o.AcceptFrom).Append(now).Min();

    private static AtRiskRules RulesOf(int horizonS) => horizonS switch
    {
        0 => AtRiskRules.Default,
        < HorizonMinS or > HorizonMaxS => throw new InvalidQueryException(
            "horizon_s", $"{horizonS} is not in {HorizonMinS}..{HorizonMaxS}; 0 or nothing means "
                + $"{AtRiskRules.Default.Horizon.TotalSeconds:0}."),
        _ => AtRiskRules.Default with { Horizon = TimeSpan.FromSeconds(horizonS) },
    };
}
