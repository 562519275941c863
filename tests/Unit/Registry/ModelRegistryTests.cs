using Serverless.Inference;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Unit.Inference;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Registry;

public sealed class ModelRegistryTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Register_KeepsWhatWasSaidAndWhatThePackageTells()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        var registration = new Registration(rig.Name, "ada")
        {
            Metrics = new Dictionary<string, double> { ["accuracy"] = 0.93 },
            Lineage = new ModelLineage
            {
                TrainingRun = "run-7",
                DataDigest = "sha256:1",
                CodeCommit = "abc",
                BaseModel = "vit",
            },
            Licence = "MIT",
        };

        RegisterOutcome outcome = await rig.Registry.RegisterAsync(TestModels.Folder("labels"), registration, Token);

        ModelManifest manifest = (await rig.Registry.FindAsync(rig.Name, 1, Token))!;
        Assert.True(outcome.Created);
        Assert.Equal(
            (1, ModelTask.ImageClassification, "ada", "MIT"),
            (manifest.Version, manifest.Task, manifest.RegisteredBy, manifest.Licence)
        );
        Assert.Equal((0.93, registration.Lineage), (manifest.Metrics["accuracy"], manifest.Lineage));
        Assert.Equal(TestModels.Load("labels").Digest, manifest.Digest);
        TensorSpec input = Assert.Single(manifest.Inputs);
        Assert.Equal(("pixel_values", "FP32", "-1,3,12,12"), (input.Name, input.Datatype, string.Join(',', input.Shape!)));
        Assert.Equal(
            (17L, "preprocessor_config.json", 5),
            (manifest.Opsets["ai.onnx"], manifest.Processing.ImageProcessor, manifest.Processing.LabelCount)
        );
        Assert.Contains(rig.Name, await rig.Registry.ListNamesAsync(Token));
    }

    [Fact]
    public async Task Register_OfTheSamePackage_AnswersTheVersionItHas()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        await rig.RegisterAsync("labels");
        await rig.RegisterAsync("entities");

        RegisterOutcome again = await rig.Registry.RegisterAsync(TestModels.Folder("labels"), new Registration(rig.Name, "other"), Token);

        Assert.Equal((false, 1, "test"), (again.Created, again.Manifest.Version, again.Manifest.RegisteredBy));
        Assert.Equal([1, 2], (await rig.Registry.ListAsync(rig.Name, Token)).Items.Select(m => m.Version));
    }

    [Fact]
    public async Task Register_AtOnce_GivesEachPackageANumberOfItsOwn()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        string[] models = ["labels", "entities", "text-mean", "image-half", "labels", "entities"];

        ModelManifest[] manifests = await Task.WhenAll(models.Select(m => rig.RegisterAsync(m)));

        Assert.Equal([1, 2, 3, 4], manifests.Select(m => m.Version).Distinct().Order());
        Assert.Equal((manifests[0].Version, manifests[1].Version), (manifests[4].Version, manifests[5].Version));
    }

    [Fact]
    public async Task Register_AfterOneThatBrokeOff_FinishesItUnderItsNumber()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        ModelManifest manifest = await rig.RegisterAsync("labels");
        await rig.Store.DeleteAsync(RegistryLayout.Manifest(manifest.Id), Token);
        await rig.Store.DeleteAsync(RegistryLayout.Package(manifest.Id) + "model.onnx", Token);
        Assert.Empty((await rig.Registry.ListAsync(rig.Name, Token)).Items);

        ModelManifest again = await rig.RegisterAsync("labels");

        Assert.Equal((1, manifest.Digest), (again.Version, again.Digest));
        Assert.Equal(
            TestModels.Load("labels").Digest,
            ModelPackage.Load(await rig.Packages.FetchAsync(again.Id, Token), ModelLimits.Default).Digest
        );
    }

    [Theory]
    [InlineData("text-external-outside", "external data in '../../text-external/1/weights.bin'")]
    [InlineData(
        "entities-wrong-width",
        "/new: model.onnx: found the output 'logits' Float[dynamic,dynamic,4]; expected 5 values for each token, one for each "
            + "label of config.json's id2label"
    )]
    [InlineData("labels-wrong-size", "/new: model.onnx: found the input 'pixel_values' Float[dynamic,3,12,12]; expected 16×12 pixels")]
    public async Task Register_OfAFaultyPackage_IsRefusedAndLeavesNothing(string model, string message)
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);

        var error = await Assert.ThrowsAsync<ModelRejectedException>(() => rig.RegisterAsync(model));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Name, await rig.Registry.ListNamesAsync(Token));
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("a/b")]
    [InlineData("")]
    public async Task Register_UnderNoName_IsRefused(string name)
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);

        await Assert.ThrowsAsync<ModelVersionException>(() =>
            rig.Registry.RegisterAsync(TestModels.Folder("labels"), new Registration(name, "by"), Token)
        );
    }

    [Theory]
    [InlineData("fine", "")]
    [InlineData("fine", "two\nlines")]
    public async Task Register_WithBadWords_IsRefused(string name, string by)
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);

        var error = await Assert.ThrowsAsync<RegistryException>(() =>
            rig.Registry.RegisterAsync(TestModels.Folder("labels"), new Registration(name, by), Token)
        );

        Assert.Equal(RegistryFault.Invalid, error.Fault);
    }
}
