using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Answers ListObligations.</summary>
internal sealed class ObligationAnswers(SanitationRequests requests, SanitationLoader loader, TruckQuality quality)
{
    public async Task<ListObligationsResponse> AnswerAsync(ListObligationsRequest request, CancellationToken cancellation)
    {
        Pages.SizeOf(request.PageSize);
        var verdicts = VerdictsOf(request);
        var keys = requests.KeysOf(request.WindowKeys);
        var asked = await requests.ReadAsync(request, request.Scope, request.Dates, request.AsOf, request.PageToken, cancellation);
        var judged = await loader.JudgeAsync(asked, requests.Rules, cancellation);
        var ofKeys = judged.Obligations.Where(o => keys.Count == 0 || keys.Contains(o.Obligation.Window.Key)).ToList();
        var wanted = ofKeys.Where(o => verdicts.Count == 0 || verdicts.Contains(o.Verdict))
            .OrderBy(o => o.Obligation.ServiceDate).ThenBy(o => o.Obligation.Start)
            .ThenBy(o => o.Obligation.Point.Id, StringComparer.Ordinal).ThenBy(o => o.Obligation.Window.Key, StringComparer.Ordinal)
            .ToList();
        if (wanted.Count > SanitationRequests.RowsMax)
        {
            throw new InvalidQueryException(
                "dates", $"gives {wanted.Count} obligations; at most {SanitationRequests.RowsMax} are allowed. Ask for fewer dates.");
        }
        var (page, next) = Pages.Take(wanted, request.PageSize, request.PageToken, asked.Fingerprint, asked.Evaluation);
        var figures = Compliance.Of(ofKeys, _ => true, _ => "", ServiceDateBucket.Whole, asked.First, asked.Last)
            .Select(r => r.Figures).SingleOrDefault();
        return new ListObligationsResponse
        {
            Obligations = { page.Select(SanitationMessages.Of) },
            NextPageToken = next,
            Quality = await quality.OfAsync(
                LocalDay.StartOf(asked.First, asked.Zone), figures?.Completeness, asked.Evaluation, judged.LatestReceived, asked.Registry,
                requests.Rules, cancellation),
        };
    }

    private static HashSet<Domain.Sanitation.Verdict> VerdictsOf(ListObligationsRequest request)
    {
        foreach (var verdict in request.Verdicts)
        {
            if (verdict == Protocol.V1.Verdict.Unspecified || !Enum.IsDefined(verdict))
            {
                throw new InvalidQueryException(
                    "verdicts", $"{verdict} is no verdict. Use the names of Verdict, or leave the list empty to ask for all.");
            }
        }
        return [.. request.Verdicts.Select(v => (Domain.Sanitation.Verdict)v)];
    }
}
