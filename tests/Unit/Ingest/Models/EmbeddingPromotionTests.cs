using Microsoft.Extensions.DependencyInjection;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Index;
using Serverless.Ingest.Models;
using Serverless.Ingest.Reanalysis;
using Serverless.Ingest.Steps;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Unit.Inference;
using Serverless.Unit.Servers;
using Serverless.Vectors;
using Xunit;

namespace Serverless.Unit.Ingest.Models;

/// <summary>Another version of an embedding model serves: as a canary, then for all, then no longer.</summary>
public sealed class EmbeddingPromotionTests(SharedServers servers)
{
    private const string Text = "Ada Lovelace met Charles Babbage in London.";

    private static readonly string Model = RigModels.NameOf("text-mean");

    private readonly string _environment = $"e{Guid.NewGuid():N}"[..12];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Alias_ThatMoves_TurnsSearches_OnceEverythingIsInTheNewSpace_AndBackAtOnce()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers, _environment);
        AssetSource old = await IngestAsync(rig, "old.txt");
        int second = await RegisterAsync(rig);

        await MoveAsync(rig, second);
        AssetSource fresh = await IngestAsync(rig, "fresh.txt");
        await rig.LookAsync();

        Assert.Equal(1, await SearchedVersionAsync(rig));
        Assert.Equal([$"{second}", "1"], VersionsIn(await AnalysisAsync(rig, fresh)));
        await AssertFoundAsync(rig, old.AssetId, fresh.AssetId);
        AwaitedSpace awaited = Assert.Single(rig.Get<AwaitedSpaces>().StuckFor(TimeSpan.Zero));
        Assert.Equal((1, second, 1), (awaited.Serving.Version, awaited.Wanted.Version, awaited.Lacking));

        Assert.Equal(AnalysisStatus.Analysed, await ReviseAsync(rig, old, second));
        await rig.LookAsync();

        Assert.Equal(second, await SearchedVersionAsync(rig));
        await rig.LookAsync();
        Assert.Empty(rig.Get<AwaitedSpaces>().StuckFor(TimeSpan.Zero));
        Assert.Equal(2, (await AnalysisAsync(rig, old)).Revision);
        await AssertFoundAsync(rig, old.AssetId, fresh.AssetId);
        Assert.Equal(AnalysisStatus.Settled, await ReviseAsync(rig, old, second)); // again: nothing to do

        AssetSource last = await IngestAsync(rig, "last.txt");
        await MoveAsync(rig, 1);
        await rig.LookAsync();

        Assert.Equal(1, await SearchedVersionAsync(rig));
        await AssertFoundAsync(rig, old.AssetId, fresh.AssetId, last.AssetId);
    }

    /// <summary>Searches ask one space at any time, and turn once: with the last asset that it lacked.</summary>
    [Fact]
    public async Task Alias_ThatMovesBackWhileItsSpaceIsFilled_ChangesNothing_AndTheNextMoveGoesOnFromThere()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers, _environment);
        List<AssetSource> assets = [await IngestAsync(rig, "a.txt"), await IngestAsync(rig, "b.txt")];
        int second = await RegisterAsync(rig);
        List<int> searched = [];

        await MoveAsync(rig, second);
        await ReviseAsync(rig, assets[0], second);
        await LookAsync();
        assets.Add(await IngestAsync(rig, "while-it-fills.txt"));
        await LookAsync();
        await MoveAsync(rig, 1);
        await LookAsync();
        assets.Add(await IngestAsync(rig, "after-it-moved-back.txt"));
        await LookAsync();
        await MoveAsync(rig, second);
        await LookAsync();
        foreach (AssetSource lacking in new[] { assets[1], assets[3] })
        {
            Assert.Equal(AnalysisStatus.Settled, await ReviseAsync(rig, assets[0], second)); // it was kept
            QueryVector asked = await AskAsync(rig);
            await ReviseAsync(rig, lacking, second);
            await LookAsync();
            await AssertFoundAsync(rig, asked, [.. assets.Select(asset => asset.AssetId)]); // by who asked before
        }

        Assert.Equal([1, 1, 1, 1, 1, 1, second], searched);

        async Task LookAsync()
        {
            await rig.LookAsync();
            searched.Add(await SearchedVersionAsync(rig));
            await AssertFoundAsync(rig, [.. assets.Select(asset => asset.AssetId)]);
        }
    }

    [Fact]
    public async Task Canary_LooksAtItsShareOfUploads_WhichAreFoundAllTheSame()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers, _environment);
        int second = await RegisterAsync(rig);
        await rig.Get<RolloutStore>()
            .UpdateAsync(
                _environment,
                Model,
                before => (before ?? RolloutRecord.Idle(_environment, Model, 1)) with { Canary = new CanaryArm(second, 1) },
                Token
            );
        await rig.UntilFollowedAsync(_environment, Model, plan => plan.Versions.Contains(second));

        AssetSource source = await IngestAsync(rig, "canary.txt");

        Assert.Equal([$"{second}", "1"], VersionsIn(await AnalysisAsync(rig, source)));
        Assert.Equal(1, await SearchedVersionAsync(rig));
        await AssertFoundAsync(rig, source.AssetId);
    }

    [Fact]
    public async Task Reanalysis_OfAVersionThatServesNoLonger_StopsWithTheReason()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers, _environment);
        await IngestAsync(rig, "a.txt");

        ReanalysisPage page = await SelectionOf(rig).SelectAsync(new ReanalysisRequest(Model, 2), null, Token);

        Assert.Empty(page.Assets);
        Assert.Equal($"version 1 of {Model} serves in {_environment} instead of 2", page.Stopped);
    }

    [Fact]
    public async Task Reanalysis_SelectsWhatAnotherVersionMade_ByKindAndPrefix()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers, _environment);
        AssetSource wanted = await IngestAsync(rig, "in/a.txt");
        await IngestAsync(rig, "out/b.txt");
        int second = await RegisterAsync(rig);
        await MoveAsync(rig, second);
        await IngestAsync(rig, "in/c.txt");
        ReanalysisRequest request = new(Model, second, Prefix: "in/");

        ReanalysisPage page = await SelectionOf(rig).SelectAsync(request, null, Token);
        ReanalysisPage none = await SelectionOf(rig).SelectAsync(request with { MadeBy = 7 }, null, Token);
        ReanalysisPage images = await SelectionOf(rig).SelectAsync(request with { Kind = Serverless.Media.MediaKind.Image }, null, Token);

        Assert.Equal((wanted, null), (Assert.Single(page.Assets), page.Next));
        Assert.Equal((2, 2), (page.Total, page.Scanned));
        Assert.Empty(none.Assets);
        Assert.Equal(0, images.Total);
    }

    /// <summary>Else its words beyond the first of each passage would never be found, and no other version would be asked for it.</summary>
    [Fact]
    public async Task Reanalysis_SelectsWhatWasAnalysedBeforePassagesWereKept_AndKeepsThem()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers, _environment);
        AssetSource old = await IngestAsync(rig, "old.txt");
        AnalysisDocument document = await AnalysisAsync(rig, old);
        AnalysisDocument before = document with { Text = document.Text! with { PassageTexts = null }, Revision = 2 };
        await rig.Get<AnalysisWriter>().WriteDocumentAsync(before, Token);
        ReanalysisRequest request = new(Model, 1);

        ReanalysisPage page = await SelectionOf(rig).SelectAsync(request, null, Token);
        AnalysisStatus status = await ReviseAsync(rig, old, version: 1);
        AnalysisDocument after = await AnalysisAsync(rig, old);

        Assert.Equal([old], page.Assets);
        Assert.Equal(AnalysisStatus.Analysed, status);
        Assert.Equal(3, after.Revision);
        Assert.NotNull(after.Text!.PassageTexts);
        Assert.Empty((await SelectionOf(rig).SelectAsync(request, null, Token)).Assets);
    }

    [Fact]
    public async Task Ingest_WhileNothingServesAModel_IsNotCounted_AndToBeTriedAgain()
    {
        await using AssetRig rig = await AssetRig.OpenAsync(servers, options => options.Roles.Entities = "nothing-serves-this");
        AssetSource source = await rig.Bucket.UploadAsync("a.txt", Text);

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Get<DirectIngest>().IngestAsync(source, 1, Token));

        Assert.Equal("Nothing serves model 'nothing-serves-this' in environment 'rig' yet.", fault.Message);
        Assert.Null(await rig.Get<Serverless.Ingest.Ledgers.Ledger>().ReadAsync("s3", source.AssetId, Token));
    }

    private static async Task<AssetSource> IngestAsync(AssetRig rig, string name)
    {
        AssetSource source = await rig.Bucket.UploadAsync(name, Text);
        await rig.Get<DirectIngest>().IngestAsync(source, 1, Token);
        await rig.Get<AssetIndex>().AddAsync(source, Token);
        return source;
    }

    /// <summary>The steps of the orchestration.</summary>
    private static async Task<AnalysisStatus> ReviseAsync(AssetRig rig, AssetSource source, int version)
    {
        AssetRevision revision = ActivatorUtilities.CreateInstance<AssetRevision>(rig.Services, SelectionOf(rig));
        RevisionBegun begun = await revision.BeginAsync(new RevisionInput(source, new ReanalysisRequest(Model, version)), Token);
        if (begun.Request is not { } request)
        {
            return begun.Outcome!.Status;
        }
        AnalysisOutcome outcome = await revision.AnalyseAsync(request, Token);
        await revision.SettleAsync(request, Token);
        return outcome.Status;
    }

    private static RevisionSelection SelectionOf(AssetRig rig) => ActivatorUtilities.CreateInstance<RevisionSelection>(rig.Services);

    private static async Task<AnalysisDocument> AnalysisAsync(AssetRig rig, AssetSource source) =>
        (await rig.Get<AnalysisWriter>().ReadDocumentAsync(source, Token))!;

    private static IEnumerable<string> VersionsIn(AnalysisDocument document) =>
        document.Models.Where(use => use.Name == Model).Select(use => use.Version);

    private static async Task<int> SearchedVersionAsync(AssetRig rig) =>
        (await rig.Get<ServingSpaces>().FindAsync(ModelRole.TextEmbedding, Token))!.Serving.Version;

    private static Task<QueryVector> AskAsync(AssetRig rig) =>
        rig.Get<QueryVectors>().OfTextAsync(ModelRole.TextEmbedding, Text, DateTimeOffset.UtcNow.AddMinutes(1), Token);

    private static async Task AssertFoundAsync(AssetRig rig, params string[] assets) =>
        await AssertFoundAsync(rig, await AskAsync(rig), assets);

    private static async Task AssertFoundAsync(AssetRig rig, QueryVector query, params string[] assets)
    {
        IReadOnlyList<VectorHit> hits = await rig.Get<AssetIndex>().SearchAsync(ModelRole.TextEmbedding, query, 10, "text", null, Token);
        Assert.Equal(assets.Order(StringComparer.Ordinal), hits.Select(hit => hit.Asset).Order(StringComparer.Ordinal));
    }

    /// <summary>The same weights once more: what differs is the digest, and with it the space.</summary>
    private static async Task<int> RegisterAsync(AssetRig rig)
    {
        DirectoryInfo copy = Directory.CreateTempSubdirectory("second-");
        try
        {
            Serverless.Local.Stack.Models.FolderCopy.Make(TestModels.Folder("text-mean"), copy.FullName);
            await File.WriteAllTextAsync(Path.Combine(copy.FullName, "README.md"), $"{Guid.NewGuid()}", Token);
            RegisterOutcome registered = await rig.Get<ModelRegistry>()
                .RegisterAsync(copy.FullName, new Registration(Model, "test"), Token);
            return registered.Manifest.Version;
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private async Task MoveAsync(AssetRig rig, int version)
    {
        await rig.Get<ModelAliases>()
            .MoveAsync(_environment, Model, new AliasMove(version, AliasExpectation.Something, "test", "to see"), Token);
        await rig.UntilFollowedAsync(_environment, Model, plan => plan.Stable == version);
    }
}
