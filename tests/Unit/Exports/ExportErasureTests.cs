using Serverless.Captures;
using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Exports;

public sealed class ExportErasureTests(SharedServers servers)
{
    private const string Mine = "aaaa",
        Theirs = "bbbb";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnErasedAsset_TakesItsExportsAlong_WithARecordOfEach()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        await rig.CaptureAsync([Of(Mine, 1), Of(Theirs, 2)]);
        ExportCard both = await rig.ExportAsync(ExportRig.Plan);
        ExportCard later = await rig.ExportAsync(ExportRig.Plan with { From = ExportRig.Start.AddMinutes(2) });

        IReadOnlyList<string> removed = await rig.Erasure.RemoveAsync(Mine, "ana", Token);

        Assert.Equal([$"{both.Name}/{both.Version}"], removed);
        ExportRemoval record = (await rig.Exports.FindRemovalAsync(both.Name, both.Version, Token))!;
        Assert.Equal((Mine, "ana", both.Sha256, 2), (record.Asset, record.By, record.Sha256, record.Rows));
        Assert.Null(await rig.Exports.FindAsync(both.Name, both.Version, Token));
        await Assert.ThrowsAsync<ObjectMissingException>(() => rig.Exports.OpenAsync(both, Token));
        Assert.Equal(2, both.Assets);
        Assert.NotNull(await rig.Exports.FindAsync(later.Name, later.Version, Token));
        Assert.Equal(both.Version, Assert.Single(await rig.Erasure.FindAsync(Mine, Token)).Version);
    }

    [Fact]
    public async Task AnExportAfterTheErasure_DoesWithoutTheAsset()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        await rig.CaptureAsync([Of(Mine, 1), Of(Theirs, 2)]);
        rig.Erased.Add(Mine);

        ExportCard card = await rig.ExportAsync(ExportRig.Plan);

        Assert.Equal([Theirs], await rig.TextsAsync(card, "asset"));
        Assert.Equal(1, card.LeftOut["predictions on uploads that were erased"]);
        Assert.Empty(await rig.Erasure.FindAsync(Mine, Token));
    }

    /// <summary>Whoever erased it did not see the export, which was not there yet.</summary>
    [Fact]
    public async Task AnAssetThatIsErasedWhileItIsExported_IsInNoExport()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        await rig.CaptureAsync([Of(Mine, 1)]);
        rig.ErasedNext.Add(Mine);

        await Assert.ThrowsAsync<AssetErasedException>(() => rig.ExportAsync(ExportRig.Plan));

        ExportCard card = Assert.Single(await rig.Erasure.FindAsync(Mine, Token));
        Assert.NotNull(await rig.Exports.FindRemovalAsync(card.Name, card.Version, Token));
        Assert.Equal(0, (await rig.ExportAsync(ExportRig.Plan)).Rows);
    }

    [Fact]
    public async Task AnExportThatWasRemoved_MayBeAskedForAgain()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        await rig.CaptureAsync([Of(Mine, 1)]);
        ExportCard first = await rig.ExportAsync(ExportRig.Plan);
        await rig.Exports.RemoveAsync(
            new ExportRemoval(first.Name, first.Version, null, "ana", "By mistake.", ExportRig.Start, first.Sha256, first.Rows),
            Token
        );

        ExportCard again = await rig.ExportAsync(ExportRig.Plan);

        Assert.Equal(first.Version, again.Version);
        Assert.Equal([Mine], await rig.TextsAsync(again, "asset"));
    }

    [Fact]
    public async Task Progress_CountsTheHours()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        await rig.CaptureAsync([Of(Mine, 1)]);
        List<ExportProgress> told = [];

        await rig.Exporter.RunAsync(
            ExportRig.Plan,
            ExportRig.Plan.Until.AddHours(1),
            "ana",
            progress =>
            {
                told.Add(progress);
                return Task.CompletedTask;
            },
            Token
        );

        Assert.Equal([0, 1, 2, 3], told.Select(progress => progress.HoursRead)); // parts of hours are hours
        Assert.All(told, progress => Assert.Equal(4, progress.Hours));
    }

    private static CaptureRecord Of(string asset, int minute) =>
        ExportRig.Prediction(minute) with
        {
            Source = CaptureRecord.Upload,
            Asset = asset,
        };
}
