using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Orchestrations.Drift;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Unit.Registry;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Drift;

public sealed class DriftWatchTests(SharedServers servers)
{
    private const string Environment = "watched"; // where no other test's models serve

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 7, 0, 20, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The timer comes each hour; of a day a model that is looked at every six hours has four checks, another has one.</summary>
    [Fact]
    public async Task TheTimer_ChecksEachModel_OnceForEachOfItsWindows()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers, options => options.Environments = [Environment], _time);
        (string busy, string usual, string left) = (rig.Name, $"{rig.Name}-usual", $"{rig.Name}-left");
        foreach (string model in new[] { busy, usual, left })
        {
            await rig.RegisterAsync(name: model);
            await rig.Aliases.MoveAsync(Environment, model, new AliasMove(1, AliasExpectation.Nothing, "ada", "because"), Token);
        }
        DriftOptions options = new() { Environments = [Environment] };
        options.Models[busy] = new ModelDriftOptions { WindowHours = 6 };
        options.Models[left] = new ModelDriftOptions { Enabled = false };
        DriftRig drift = DriftRig.Of(rig, options, _time);
        DriftWatch watch = WatchOf(rig, drift, options);

        for (int hour = 0; hour < 24; hour++)
        {
            await watch.StartAsync(drift.Client, Token);
            _time.Advance(TimeSpan.FromHours(1));
        }

        ILookup<string, DriftCheckRequest> checks = drift
            .Started.Values.Cast<DriftCheckInput>()
            .ToLookup(check => check.Request.Subject.Model, check => check.Request);
        Assert.Equal([0, 6, 12, 18], checks[busy].Select(check => check.Window.Until.Hour).Order());
        Assert.Equal(24, Assert.Single(checks[usual]).Window.Length.TotalHours);
        Assert.Empty(checks[left]);
    }

    private DriftWatch WatchOf(RegistryRig rig, DriftRig drift, DriftOptions options)
    {
        AlertRulebook rules = new(rig.Store, _time, NullLogger<AlertRulebook>.Instance);
        AlertBook alerts = new(rig.Store, rules, _time, NullLogger<AlertBook>.Instance);
        DriftStore reports = new(rig.Store, _time);
        RolloutTable routes = new(
            drift.Rollouts,
            async (environment, model, cancellationToken) => (await rig.Aliases.FindAsync(environment, model, cancellationToken))?.Version,
            (_, _) => Task.CompletedTask,
            new RolloutOptions(),
            _time,
            NullLogger<RolloutTable>.Instance
        );
        return new DriftWatch(
            rig.Aliases,
            routes,
            new DriftFollowing(reports, alerts, drift.Retraining, drift.Rollback, drift.Shadows, _time),
            drift.Shadows,
            options,
            _time
        );
    }
}
