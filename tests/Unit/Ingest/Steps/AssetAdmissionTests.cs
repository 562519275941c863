using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Steps;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Steps;

public sealed class AssetAdmissionTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Begin_OfAnAnalysisThatTookItsProcessAlongFiveTimes_IsRefused()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", "The harbour was closed.");
        AssetAdmission admission = rig.Get<AssetAdmission>();
        AnalysisRequest request = (await admission.AdmitAsync(source, 1, Token)).Request!;
        for (int begun = 0; begun < AssetAdmission.MaxAttempts; begun++)
        {
            Assert.Null(await admission.BeginAsync(request, Token));
        }

        AnalysisOutcome? outcome = await admission.BeginAsync(request, Token);
        await rig.Get<AssetSettlement>().SettleAsync(source, outcome!, 1, Token);

        LedgerEntry entry = (await rig.Get<Ledger>().ReadAsync("s3", source.AssetId, Token))!.Find(source.VersionId)!;
        Assert.Equal((AssetState.Quarantined, FailureKind.Exhausted), (entry.State, entry.Failure!.Kind));
    }

    [Fact]
    public async Task Begin_OfAVersionThatHasItsResult_SaysSo()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", "The harbour was closed.");
        AnalysisRequest request = (await rig.Get<AssetAdmission>().AdmitAsync(source, 1, Token)).Request!;
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);

        AnalysisOutcome? outcome = await rig.Get<AssetAdmission>().BeginAsync(request, Token);

        Assert.Equal(AnalysisStatus.Settled, outcome!.Status);
    }
}
