using System.Text.Json;
using Serverless.Functions.Azure.Http;
using Serverless.Inference.Serving;
using Serverless.Ingest;
using Serverless.Registry;
using Serverless.Unit.Inference;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;
using static Serverless.Unit.Functions.Azure.Search.SearchCalls;

namespace Serverless.Unit.Functions.Azure.Search;

/// <summary>A text finds pictures by what is in them, where the model for images has an encoder for texts too.</summary>
public sealed class SearchByLookTests(SharedServers servers)
{
    private static readonly string Model = RigModels.NameOf("image-patches");

    private readonly string _environment = $"l{Guid.NewGuid():N}"[..12];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AText_FindsThePicturesThatShowIt_AndNoText()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers, _environment);
        await ServeTwoEncodersAsync(rig);
        AssetSource beach = await IngestAsync(rig, "one.jpg", PictureOf("beach-1.jpg"));
        AssetSource bag = await IngestAsync(rig, "two.jpg", PictureOf("bag-1.jpg"));
        await IngestAsync(rig, "three.txt", "Sunbathing on the sand."u8.ToArray());

        JsonElement[] sand = await HitsAsync(FunctionOf(rig).ByTextAsync(RequestOf("?q=sunbathing+on+the+sand&mode=look"), Token));
        JsonElement[] leather = await HitsAsync(FunctionOf(rig).ByTextAsync(RequestOf("?q=accessory+made+of+leather&mode=look"), Token));

        Assert.Equal([beach.AssetId, bag.AssetId], sand.Select(hit => hit.GetProperty("asset").GetString()));
        Assert.Equal([bag.AssetId, beach.AssetId], leather.Select(hit => hit.GetProperty("asset").GetString()));
        Assert.All(sand, hit => Assert.Equal("picture", hit.GetProperty("modality").GetString()));
    }

    [Fact]
    public async Task AModelOfPicturesAlone_IsNamed()
    {
        await using AssetRig rig = await AssetRig.OpenIndexedAsync(servers);

        ServingException problem = await Assert.ThrowsAsync<ServingException>(() =>
            FunctionOf(rig).ByTextAsync(RequestOf("?q=sand&mode=look"), Token)
        );

        Assert.Equal(400, FaultTable.Of(problem)?.Status);
        Assert.Equal($"Model {Model}/1 is for ImageEmbedding, which takes no plain texts.", problem.Message);
    }

    private async Task ServeTwoEncodersAsync(AssetRig rig)
    {
        RegisterOutcome registered = await rig.Get<ModelRegistry>()
            .RegisterAsync(TestModels.Data("../../samples/models/text-image/1"), new Registration(Model, "test"), Token);
        int version = registered.Manifest.Version;
        await rig.Get<ModelAliases>()
            .MoveAsync(_environment, Model, new AliasMove(version, AliasExpectation.Something, "test", "to see"), Token);
        await rig.UntilFollowedAsync(_environment, Model, plan => plan.Stable == version);
    }

    private static byte[] PictureOf(string name) => File.ReadAllBytes(TestModels.Data($"../../samples/golden/pictures/{name}"));
}
