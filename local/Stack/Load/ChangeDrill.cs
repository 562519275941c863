using System.Globalization;
using System.Net.Http.Json;
using Serverless.Local.Stack.Promotions;

namespace Serverless.Local.Stack.Load;

/// <summary>How a drill goes.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="Dwell">How long each state lasts that a change led to; also how long each step of the promotion does.</param>
/// <param name="Validates">Whether the promotion begins with a validation, which takes processors from the callers.</param>
public sealed record DrillPlan(double Rate, TimeSpan Dwell, bool Validates, int Seed);

/// <summary>
/// Puts a model of a running stack under load and changes what serves it, in every way there is: a promotion with shadow and canary, a
/// rollback, an alias move, a canary taken back, a restart of the host, and an alias move to a version that is in no memory.
/// </summary>
/// <param name="stable">Serves in prod.</param>
/// <param name="other">Another version of the same answers.</param>
public sealed class ChangeDrill(LocalStack stack, HttpClient http, string model, int stable, int other, DrillPlan plan, TimeProvider time)
    : IDisposable
{
    /// <summary>The plan of the environment, which the drill's promotions add their steps to.</summary>
    public static readonly (string Key, string Value) Setting = (
        "Promotion:Plans:prod",
        """{"validation":false,"shadow":null,"canary":[]}"""
    );

    private const string By = "drill";

    /// <summary>Longer than a restart takes on a slow machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly DrillCallers _callers = new(http, model, Patience);
    private readonly PromotionClient _promotions = new(http, time);
    private readonly List<(DateTimeOffset At, string What, int[] Serving)> _moments = [];
    private readonly List<(string What, DateTimeOffset From, int Gone)> _moves = [];

    public async Task<DrillReport> RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await UntilOnlyAsync(stable, cancellationToken);
        Note("start", stable);
        Task<LoadReport> load = new PoissonLoad(
            _callers.Http,
            i => _callers.Request($"caller-{i}"),
            plan.Rate,
            Patience,
            plan.Seed,
            time
        ).RunAsync(stop.Token);
        (DateTimeOffset From, DateTimeOffset To) restart;
        try
        {
            await DwellAsync(cancellationToken);
            restart = await ChangeAsync(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await load;
        }
        return ReportOf(await load, restart);
    }

    public void Dispose() => _callers.Dispose();

    private async Task<(DateTimeOffset From, DateTimeOffset To)> ChangeAsync(CancellationToken cancellationToken)
    {
        await PromoteAsync(cancellationToken);
        DateTimeOffset promoted = time.GetUtcNow();
        await DwellAsync(cancellationToken);
        await MoveAsync("rollback", RollBackAsync, gone: other, stable, cancellationToken);
        DateTimeOffset rolledBack = time.GetUtcNow();
        await DwellAsync(cancellationToken);
        await MoveAsync("alias move", token => RestoreAsync(promoted, token), gone: stable, other, cancellationToken);
        await DwellAsync(cancellationToken);
        await TryAndTakeBackAsync(cancellationToken);
        await DwellAsync(cancellationToken);
        DateTimeOffset from = await RestartAsync(cancellationToken),
            to = time.GetUtcNow();
        await DwellAsync(cancellationToken);
        await MoveAsync(
            "alias move to a version in no memory",
            token => RestoreAsync(rolledBack, token),
            gone: other,
            stable,
            cancellationToken
        );
        await DwellAsync(cancellationToken);
        return (from, to);
    }

    private async Task PromoteAsync(CancellationToken cancellationToken)
    {
        string bake = plan.Dwell.ToString("c", CultureInfo.InvariantCulture);
        string steps = string.Join(
            ',',
            new[] { 0.1, 0.5, 1 }.Select(weight =>
                string.Create(CultureInfo.InvariantCulture, $$"""{"weight":{{weight}},"bake":"{{bake}}","minRequests":10}""")
            )
        );
        PromotionSeen seen = await StartAsync(
            other,
            $$"""{"validation":{{(plan.Validates ? "true" : "false")}},"watchEvery":"00:00:00.5","shadow":{"bake":"{{bake}}","minRequests":10},"canary":[{{steps}}]}""",
            cancellationToken
        );
        await ApproveAsync(seen, cancellationToken);
        seen = await UntilAsync(seen, now => now.Verdict is not null, "a verdict", cancellationToken);
        if (seen.Verdict != "promoted")
        {
            throw new StackException($"The promotion was {seen.Verdict}: {seen.Reason}");
        }
        foreach (StepSeen step in seen.Steps)
        {
            if (step.Started is { } started)
            {
                _moments.Add((started, $"promotion: {step.Name}", step.Name == "alias" || IsTrial(step.Name) ? [stable, other] : [stable]));
            }
        }
        await UntilOnlyAsync(other, cancellationToken);
        Note("promotion: done", other);
    }

    /// <summary>Half of the callers on the first version again, until somebody rolls it back.</summary>
    private async Task TryAndTakeBackAsync(CancellationToken cancellationToken)
    {
        PromotionSeen seen = await StartAsync(stable, """{"canary":[{"weight":0.5,"bake":"01:00:00"}]}""", cancellationToken);
        await ApproveAsync(seen, cancellationToken);
        seen = await UntilAsync(seen, now => IsTrial(now.Stage), "its canary", cancellationToken);
        _moments.Add((seen.Steps.Single(step => step.Name == seen.Stage).Started!.Value, "canary 50 %", [stable, other]));
        await DwellAsync(cancellationToken);
        await MoveAsync("rollback of a canary", RollBackAsync, gone: stable, other, cancellationToken);
        await UntilAsync(seen, now => now.Verdict is not null, "a verdict", cancellationToken);
    }

    private async Task ApproveAsync(PromotionSeen seen, CancellationToken cancellationToken)
    {
        await UntilAsync(seen, now => now.Stage == "approval", "its approval", cancellationToken);
        await _promotions.DecideAsync(seen.Id, "ana", approve: true, null, cancellationToken);
    }

    /// <returns>When the stop was asked for.</returns>
    private async Task<DateTimeOffset> RestartAsync(CancellationToken cancellationToken)
    {
        int before = stack.Functions.Restarts;
        Note("host restart", other);
        DateTimeOffset from = time.GetUtcNow();
        stack.Functions.Terminate();
        await UntilAsync(() => Task.FromResult(stack.Functions.Restarts > before), "the host to start again", cancellationToken);
        await stack.WaitUntilReadyAsync(cancellationToken);
        await UntilOnlyAsync(other, cancellationToken);
        Note("host restart: done", other);
        return from;
    }

    private async Task MoveAsync(string what, Func<CancellationToken, Task> move, int gone, int next, CancellationToken cancellationToken)
    {
        Note(what, gone, next);
        _moves.Add((what, time.GetUtcNow(), gone));
        await move(cancellationToken);
        await UntilOnlyAsync(next, cancellationToken);
        Note($"{what}: done", next);
    }

    private Task<PromotionSeen> StartAsync(int version, string steps, CancellationToken cancellationToken) =>
        _promotions.StartAsync(new PromotionAsked(model, version, null, "prod", By, steps), cancellationToken);

    private async Task RollBackAsync(CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"models/{model}/rollback?environment=prod");
        using HttpResponseMessage response = await http.SendAsync(request.RequestedBy(By), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private async Task RestoreAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        using HttpContent body = JsonContent.Create(new { environment = "prod", at });
        using HttpResponseMessage response = await http.PostAsync($"models/{model}/restore", body.RequestedBy(By), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Returns once twenty callers in a row meet this version.</summary>
    private Task UntilOnlyAsync(int version, CancellationToken cancellationToken) =>
        UntilAsync(
            async () =>
            {
                for (int i = 0; i < 20; i++)
                {
                    if (await _callers.AskAsync($"probe-{i}", cancellationToken) != version)
                    {
                        return false;
                    }
                }
                return true;
            },
            $"version {version} to answer everybody",
            cancellationToken
        );

    /// <exception cref="StackException">The promotion ends otherwise.</exception>
    private async Task<PromotionSeen> UntilAsync(
        PromotionSeen seen,
        Func<PromotionSeen, bool> holds,
        string what,
        CancellationToken cancellationToken
    )
    {
        await UntilAsync(
            async () =>
            {
                seen = await _promotions.FetchAsync(seen.Id, cancellationToken);
                return holds(seen)
                    || (
                        seen.Verdict is null
                            ? false
                            : throw new StackException($"Promotion {seen.Id} was {seen.Verdict} before {what}: {seen.Reason}")
                    );
            },
            $"promotion {seen.Id} to come to {what}",
            cancellationToken
        );
        return seen;
    }

    private async Task UntilAsync(Func<Task<bool>> holds, string what, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (!await holds())
        {
            if (time.GetElapsedTime(start) > Limit)
            {
                throw new StackException($"Waited {Limit.TotalSeconds:0} s for {what}.");
            }
            await Task.Delay(LookEvery, time, cancellationToken);
        }
    }

    private static bool IsTrial(string step) => step.StartsWith("canary", StringComparison.Ordinal);

    private Task DwellAsync(CancellationToken cancellationToken) => Task.Delay(plan.Dwell, time, cancellationToken);

    private void Note(string what, params int[] serving) => _moments.Add((time.GetUtcNow(), what, serving));

    private DrillReport ReportOf(LoadReport load, (DateTimeOffset From, DateTimeOffset To) restart)
    {
        DrillMoment[] moments =
        [
            .. _moments.OrderBy(moment => moment.At).Select(moment => new DrillMoment(moment.At - load.Began, moment.What, moment.Serving)),
        ];
        return new DrillReport(
            load,
            moments,
            (restart.From - load.Began, restart.To - load.Began),
            [
                .. _moves.Select(move =>
                {
                    TimeSpan from = move.From - load.Began,
                        to = moments.First(moment => moment.What == $"{move.What}: done").At;
                    LoadSample? last = load.Between(from, to).Samples.LastOrDefault(sample => DrillReport.VersionOf(sample) == move.Gone);
                    return (move.What, last is null ? TimeSpan.Zero : last.Due - from);
                }),
            ]
        );
    }
}
