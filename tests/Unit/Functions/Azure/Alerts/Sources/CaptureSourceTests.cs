using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Captures;
using Serverless.Functions.Azure.Alerts.Sources;
using Serverless.Storage;
using Serverless.Unit.Captures;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Alerts.Sources;

public sealed class CaptureSourceTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Of the writer nothing is started, so that what waits beyond its bound is dropped.</summary>
    [Fact]
    public async Task ALook_CountsWhatWasLostSinceTheLast()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        using CaptureWriter writer = new(
            store,
            new CaptureOptions { MaxPending = 10 },
            TimeProvider.System,
            NullLogger<CaptureWriter>.Instance
        );
        CaptureSource source = new(writer);
        foreach (int _ in Enumerable.Range(0, 40))
        {
            writer.TryWrite(TestCaptures.Prediction(TestCaptures.Start));
        }

        AlertCondition first = await LookAsync(source);
        AlertCondition second = await LookAsync(source);

        Assert.Equal(("captureLoss", "prediction records", true), (first.Rule, first.Subject, first.Active));
        Assert.StartsWith("30 of 30 records", first.Summary, StringComparison.Ordinal);
        Assert.False(second.Active);
    }

    private static async Task<AlertCondition> LookAsync(CaptureSource source) =>
        (await source.LookAsync(AlertRules.Default, client: null!, Token)).Conditions[(int)CaptureKind.Prediction];
}
