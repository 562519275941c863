using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Unit.Servers;
using Serverless.Unit.Telemetry;
using Xunit;

namespace Serverless.Unit.Alerts;

public sealed class AlertGaugesTests : IDisposable
{
    private const string Open = "serverless.alerts.open";

    private readonly SharedServers _servers;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly AlertGauges _gauges;
    private readonly MeasuredValues _measured;

    public AlertGaugesTests(SharedServers servers)
    {
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        (_servers, _gauges, _measured) = (servers, new AlertGauges(meters, _time), new MeasuredValues(meters));
    }

    public void Dispose()
    {
        _measured.Dispose();
        _gauges.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task OpenAlerts_AreCounted_AndRulesWithoutAnyAreZero()
    {
        AlertRig rig = await AlertRig.OpenAsync(_servers);
        await rig.FindAsync("drift", "a");
        await rig.FindAsync("drift", "b");
        _gauges.Show(rig.Book.LastOpen);
        string[] opened = _measured.Collect().Of(Open);
        await rig.FindAsync("drift", "a", active: false);
        _gauges.Show(rig.Book.LastOpen);
        string[] ended = _measured.Collect().Of(Open);

        Assert.Equal(3 * KnownRule.All.Count, opened.Length);
        Assert.Equal(["rule=drift severity=warning: 2"], opened.Where(line => !line.EndsWith(": 0", StringComparison.Ordinal)));
        Assert.Contains("rule=drift severity=warning: 1", ended);
    }

    /// <summary>Another process looks by then, and tells what it sees.</summary>
    [Fact]
    public void WhatWasSeenLongAgo_IsNotTold()
    {
        _gauges.Show([]);
        _time.Advance(AlertGauges.KeptFor + TimeSpan.FromSeconds(1));

        Assert.Empty(_measured.Collect().Of(Open));
    }
}
