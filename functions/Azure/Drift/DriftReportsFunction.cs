using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Drift.Summaries;
using Serverless.Functions.Azure.Http;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Drift;

/// <summary>How the versions in production stand, their reports, and what they are held against.</summary>
public sealed class DriftReportsFunction(
    DriftStore drift,
    DriftSubjects subjects,
    HourSummaries summaries,
    WindowReader windows,
    ModelAliases aliases,
    RegistryOptions environments,
    DriftOptions options,
    TimeProvider time
)
{
    private const int MaxPage = 200;
    private const int MaxModels = 100;
    private const int MaxSliceCharacters = 256;

    private static readonly Lazy<byte[]> Schema = new(() => Encoding.UTF8.GetBytes(StoredSchema.Of(typeof(DriftReport)).ToJsonString()));

    [Function("DriftSchema")]
    public static IResult ShowSchema([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/schemas/drift")] HttpRequest request) =>
        Results.Bytes(Schema.Value, "application/schema+json");

    /// <summary>Of every model the version that serves, with its latest report.</summary>
    [Function("ListDrift")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/drift")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        string environment = request.ReadOneOf("environment", environments.Environments) ?? options.Environments[0];
        IReadOnlyList<string> models = await aliases.ListNamesAsync(environment, cancellationToken);
        List<DriftStanding> standings = [];
        foreach (string model in models.Take(MaxModels))
        {
            if ((await aliases.FindAsync(environment, model, cancellationToken))?.Version is not { } version)
            {
                continue;
            }
            DriftSubject subject = new(environment, model, version);
            IReadOnlyList<DriftReportLine> latest = await LinesAsync(subject, 1, TrafficSummary.Whole, cancellationToken);
            standings.Add(new DriftStanding(environment, model, version, ScheduleOf(subject), latest.Count > 0 ? latest[0] : null));
        }
        return Answers.Json(new ListAnswer<DriftStanding>(standings, Next: null));
    }

    [Function("ListDriftReports")]
    public async Task<IResult> ListReportsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/drift/{environment}/{model}/{version}/reports")] HttpRequest request,
        string environment,
        string model,
        string version,
        CancellationToken cancellationToken
    )
    {
        DriftSubject subject = await subjects.FindAsync(environment, model, version, cancellationToken);
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 30);
        string slice = request.ReadText("slice", MaxSliceCharacters) ?? TrafficSummary.Whole;
        PinnedReference? pinned = await drift.FindReferenceAsync(subject, cancellationToken);
        return Answers.Json(
            new DriftHistory(pinned is null ? null : AnswerOf(pinned), await LinesAsync(subject, limit, slice, cancellationToken))
        );
    }

    [Function("ShowDriftReport")]
    public async Task<IResult> ShowReportAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/drift/{environment}/{model}/{version}/reports/{name}")]
            HttpRequest request,
        string environment,
        string model,
        string version,
        string name,
        CancellationToken cancellationToken
    )
    {
        DriftSubject subject = await subjects.FindAsync(environment, model, version, cancellationToken);
        return DriftCheckRequest.IsName(name) && await drift.FindReportAsync(subject, name, cancellationToken) is { } report
            ? Answers.Json(report)
            : throw RequestProblem.NotFound($"There is no drift report '{name}' of {subject}.");
    }

    [Function("ShowDriftReference")]
    public async Task<IResult> ShowReferenceAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/drift/{environment}/{model}/{version}/reference")]
            HttpRequest request,
        string environment,
        string model,
        string version,
        CancellationToken cancellationToken
    )
    {
        DriftSubject subject = await subjects.FindAsync(environment, model, version, cancellationToken);
        return await drift.FindReferenceAsync(subject, cancellationToken) is { } pinned
            ? Answers.Json(AnswerOf(pinned))
            : throw RequestProblem.NotFound($"{subject} has no reference yet: the first window with enough predictions will be it.");
    }

    /// <summary>Evidence of earlier looks is forgotten: it was of another reference.</summary>
    [Function("PinDriftReference")]
    public async Task<IResult> PinAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "api/drift/{environment}/{model}/{version}/reference")]
            HttpRequest request,
        string environment,
        string model,
        string version,
        CancellationToken cancellationToken
    )
    {
        string by = request.ReadRequester();
        PinQuery query = await request.ReadJsonAsync<PinQuery>(cancellationToken);
        string reason = ReasonRequest.Demand(query.Reason);
        DriftSubject subject = await subjects.FindAsync(environment, model, version, cancellationToken);
        DriftWindow window = query.ToWindow(options.ScheduleOf(subject.Model).Likeness, time.GetUtcNow());
        foreach (DateTimeOffset hour in window.Hours())
        {
            await summaries.UpdateAsync(subject.Model, subject.Version, hour, cancellationToken);
        }
        WindowSummary summary = await windows.ReadAsync(subject, window, hours: null, cancellationToken);
        if (summary.Traffic.All.Answered < options.Limits.MinPredictions)
        {
            throw RequestProblem.Conflict(
                $"{subject} answered {summary.Traffic.All.Answered} predictions from {window.From:u} to {window.Until:u}; "
                    + $"a reference needs {options.Limits.MinPredictions} (Drift:Limits:MinPredictions)."
            );
        }
        PinnedReference pinned = new(summary.ToStored(), by, reason, time.GetUtcNow());
        await drift.PinAsync(subject, pinned, cancellationToken);
        await drift.ForgetEvidenceAsync(subject, cancellationToken);
        return Answers.Json(AnswerOf(pinned));
    }

    /// <summary>Where an environment is not watched, no model of it is.</summary>
    private DriftSchedule ScheduleOf(DriftSubject subject) =>
        options.ScheduleOf(subject.Model) is var schedule && options.Environments.Contains(subject.Environment)
            ? schedule
            : schedule with
            {
                Enabled = false,
            };

    private async Task<IReadOnlyList<DriftReportLine>> LinesAsync(
        DriftSubject subject,
        int limit,
        string slice,
        CancellationToken cancellationToken
    )
    {
        List<DriftReportLine> lines = [];
        foreach (string name in await drift.ListAsync(subject, limit, cancellationToken))
        {
            if (await drift.FindReportAsync(subject, name, cancellationToken) is { } report)
            {
                lines.Add(DriftReportLine.Of(report, slice));
            }
        }
        return lines;
    }

    private static ReferenceAnswer AnswerOf(PinnedReference pinned) =>
        new(
            pinned.Window.Window.From,
            pinned.Window.Window.Until,
            pinned.Window.Traffic.Slices.TryGetValue(TrafficSummary.Whole, out SliceCounts? all) ? all.Answered : 0,
            pinned.By,
            pinned.Reason,
            pinned.At
        );
}
