using Microsoft.Extensions.Time.Testing;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Functions.Azure.Alerts.Sources;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Alerts.Sources;

public sealed class UploadSourceTests(SharedServers servers)
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ALook_CountsWhatIsMissing_AndTheShareThatIsQuarantinedOfTheLastHour()
    {
        S3ObjectStore store = await TestBucket.OpenAsync(servers);
        AssetStores stores = new([store]);
        Ledger ledger = new(stores, _time);
        await store.UploadAsync("missing", "x");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SettleAsync(ledger, store, i, isBad: i < 5)));
        UploadSource source = new(new LedgerViews(stores, _time), _time);

        AlertSighting now = await source.LookAsync(AlertRules.Default, client: null!, Token);
        _time.Advance(TimeSpan.FromHours(2));
        AlertSighting later = await source.LookAsync(AlertRules.Default, client: null!, Token);

        AlertCondition missing = now.Conditions.Single(found => found.Rule == "missingAssets"),
            quarantined = now.Conditions.Single(found => found.Rule == "quarantineRate");
        Assert.Equal(("s3", true, 1d), (missing.Subject, missing.Active, missing.Value));
        Assert.Equal(("s3", true, 0.25), (quarantined.Subject, quarantined.Active, quarantined.Value));
        Assert.False(later.Conditions.Single(found => found.Rule == "quarantineRate").Active);
    }

    private static async Task SettleAsync(Ledger ledger, S3ObjectStore store, int i, bool isBad)
    {
        AssetSource source = await store.UploadAsync($"a{i}", "x");
        await ledger.UpdateAsync(source, (entry, now) => entry.Begin(1, MediaKind.Text, "text/plain", 1, now), Token);
        await ledger.UpdateAsync(
            source,
            (entry, now) => isBad ? entry.Quarantine(new Failure(FailureKind.Malformed, "torn", false), 1, now) : entry.Complete(1, now),
            Token
        );
    }
}
