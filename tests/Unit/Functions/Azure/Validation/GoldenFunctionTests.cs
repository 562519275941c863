using System.Text;
using System.Text.Json;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Validation;
using Serverless.Media.Images;
using Serverless.Orchestrations.Exports;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Unit.Functions.Azure.Models;
using Serverless.Unit.Registry;
using Serverless.Unit.Servers;
using Serverless.Validation.Golden;
using Serverless.Validation.Golden.Drafts;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Validation;

/// <summary>Golden sets as they are stored over HTTP, over Azurite.</summary>
public sealed class GoldenFunctionTests(SharedServers servers)
{
    private const string Lines = """{"id":"1","text":"Ada in Paris","entities":[{"start":7,"length":5,"type":"LOC"}],"language":"en"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Store_KeepsTheLines_AndLetsEnvironmentsJudgeByThem()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        GoldenFunction function = Open(rig);

        (int status, JsonElement stored) = await StoreAsync(
            function,
            "models",
            rig.Name,
            "?task=tokenClassification&environment=qa&environment=prod",
            Lines
        );

        Assert.Equal(201, status);
        string digest = stored.GetProperty("set").GetProperty("digest").GetString()!;
        Assert.Equal(["qa", "prod"], stored.GetProperty("pointers").EnumerateArray().Select(p => p.GetProperty("environment").GetString()));
        GoldenSets golden = Sets(rig);
        Assert.Equal(digest, (await golden.FindAsync("prod", rig.Name, ModelTask.TokenClassification, Token))!.Digest);
        Assert.Null(await golden.FindPointerAsync("dev", GoldenScope.OfModel(rig.Name), Token));
        Assert.Equal(Lines, (await golden.ReadAsync($"models/{rig.Name}", digest, Token)).ToString());
    }

    [Fact]
    public async Task Store_WithATagThatIsOld_ChangesNothing()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        GoldenFunction function = Open(rig);
        const string query = "?task=tokenClassification&environment=qa";
        await StoreAsync(function, "models", rig.Name, query, Lines);

        GoldenException refused = await Assert.ThrowsAsync<GoldenException>(() =>
            StoreAsync(function, "models", rig.Name, query, Lines.Replace("Ada", "Eve", StringComparison.Ordinal), "\"old\"")
        );

        Assert.Equal(GoldenFault.Conflict, refused.Fault);
        Assert.Equal(1, (await Sets(rig).FindPointerAsync("qa", GoldenScope.OfModel(rig.Name), Token))!.Items);
    }

    [Fact]
    public async Task Store_WithAStar_WantsAPointerThatIsThere()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        GoldenFunction function = Open(rig);
        const string query = "?task=tokenClassification&environment=qa";
        Task<(int Status, JsonElement Body)> StoreStarAsync() => StoreAsync(function, "models", rig.Name, query, Lines, "*");

        GoldenException refused = await Assert.ThrowsAsync<GoldenException>(StoreStarAsync);
        await StoreAsync(function, "models", rig.Name, query, Lines);
        (int status, _) = await StoreStarAsync();

        Assert.Equal((GoldenFault.Conflict, 201), (refused.Fault, status));
    }

    [Theory]
    [InlineData("models", "", "task is missing")]
    [InlineData("teams", "", "no golden sets of 'teams'")]
    [InlineData("models", "?task=tokenClassification&environment=moon", "'moon' is no environment")]
    public async Task Store_SaysWhatIsMissing(string scope, string query, string expected)
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);

        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => StoreAsync(Open(rig), scope, rig.Name, query, Lines));

        Assert.True(refused is RequestProblem or GoldenException);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APicture_IsNamedByItsDigest_AndMustBeThereBeforeItIsMentioned()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        GoldenFunction function = Open(rig);
        byte[] picture = await File.ReadAllBytesAsync(
            Path.Combine(Serverless.Local.Stack.Checkout.SamplesMedia, "football-grey.jpg"),
            Token
        );
        string item = $$"""{"id":"{{rig.Name}}","media":"sha256:{{new string('0', 64)}}","label":"football pitch"}""";

        GoldenException refused = await Assert.ThrowsAsync<GoldenException>(() =>
            StoreAsync(function, "models", rig.Name, "?task=imageClassification", item)
        );
        (int status, JsonElement kept) = await ModelsApi.AnswerAsync(function.StoreMediaAsync(ModelsApi.Request("", picture), Token));
        (int after, _) = await StoreAsync(
            function,
            "models",
            rig.Name,
            "?task=imageClassification",
            item.Replace($"sha256:{new string('0', 64)}", kept.GetProperty("media").GetString(), StringComparison.Ordinal)
        );

        Assert.Contains("is not stored; POST it to /api/golden/media first", refused.Message, StringComparison.Ordinal);
        Assert.Equal((201, 201), (status, after));
    }

    [Fact]
    public async Task AnErasedAsset_LeavesNoItem_AndTheRestIsJudgedByFromThenOn()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        string asset = $"asset-of-{rig.Name}";
        string mixed = $"{Drawn("2", asset)}\n{Lines}\n{Drawn("3", "another")}\n";
        GoldenFunction function = Open(rig);
        (_, JsonElement both) = await StoreAsync(
            function,
            "models",
            rig.Name,
            "?task=tokenClassification&environment=qa&environment=prod",
            mixed
        );
        (_, JsonElement alone) = await StoreAsync(
            function,
            "models",
            rig.Name,
            "?task=tokenClassification&environment=dev",
            Drawn("4", asset)
        );
        GoldenErasure erasure = Erasure(Sets(rig));

        IReadOnlyList<string> removed = await erasure.RemoveAsync(asset, "ana", Token);
        IReadOnlyList<string> again = await erasure.RemoveAsync(asset, "ana", Token);

        string scope = $"models/{rig.Name}";
        string[] digests = [DigestOf(both), DigestOf(alone)];
        Assert.Equal(digests.Select(digest => $"{scope}/{digest}").Order(), removed.Order());
        Assert.Empty(again);
        GoldenPointer left = (await Sets(rig).FindPointerAsync("prod", GoldenScope.OfModel(rig.Name), Token))!;
        Assert.Equal((2, "ana"), (left.Items, left.By));
        Assert.Equal($"{Lines}\n{Drawn("3", "another")}\n", (await Sets(rig).ReadAsync(scope, left.Digest, Token)).ToString());
        Assert.Equal(left.Digest, (await Sets(rig).FindPointerAsync("qa", GoldenScope.OfModel(rig.Name), Token))!.Digest);
        Assert.Null(await Sets(rig).FindPointerAsync("dev", GoldenScope.OfModel(rig.Name), Token));
        foreach (string digest in digests)
        {
            GoldenException gone = await Assert.ThrowsAsync<GoldenException>(() => Sets(rig).ReadAsync(scope, digest, Token));
            Assert.Equal(GoldenFault.Missing, gone.Fault);
        }
    }

    [Fact]
    public async Task Store_RefusesItemsOfErasedAssets_AndKeepsNothingOfThem()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        string asset = $"asset-of-{rig.Name}";

        GoldenException refused = await Assert.ThrowsAsync<GoldenException>(() =>
            StoreAsync(Open(rig, asset), "models", rig.Name, "?task=tokenClassification&environment=qa", $"{Lines}\n{Drawn("2", asset)}")
        );

        Assert.Equal($"1 of 2 items are drawn from assets that were erased, '2' from {asset}; leave them out.", refused.Message);
        Assert.Null(await Sets(rig).FindPointerAsync("qa", GoldenScope.OfModel(rig.Name), Token));
        Assert.Empty(await Erasure(Sets(rig)).RemoveAsync(asset, "ana", Token));
    }

    private static string Drawn(string id, string asset) =>
        $$"""{"id":"{{id}}","text":"Drawn from {{asset}}","entities":[],"asset":"{{asset}}"}""";

    private static string DigestOf(JsonElement stored) => stored.GetProperty("set").GetProperty("digest").GetString()!;

    private static Task<(int Status, JsonElement Body)> StoreAsync(
        GoldenFunction function,
        string scope,
        string name,
        string query,
        string lines,
        string? ifMatch = null
    ) =>
        ModelsApi.AnswerAsync(
            function.StoreAsync(ModelsApi.Request(query, Encoding.UTF8.GetBytes(lines), "application/jsonl", ifMatch), scope, name, Token)
        );

    private static GoldenFunction Open(RegistryRig rig, params string[] erased) => new(Sets(rig), rig.Registry, Storing(Sets(rig), erased));

    internal static GoldenStoring Storing(GoldenSets sets, params string[] erased) =>
        new(sets, new ErasedItems(Erasure(sets), _ => Task.FromResult<IReadOnlySet<string>>(erased.ToHashSet())));

    internal static GoldenErasure Erasure(GoldenSets sets)
    {
        GoldenDrafts drafts = new(sets, TimeProvider.System);
        return new GoldenErasure(sets, drafts, new GoldenPictures(sets, drafts));
    }

    private static GoldenSets Sets(RegistryRig rig) =>
        new(rig.Store, rig.Get<RegistryOptions>(), new ImageReader(new ImageOptions()), TimeProvider.System);
}
