using Serverless.Packages;
using Serverless.Registry;
using Serverless.Unit.Inference;
using Serverless.Unit.Orchestrations.Validation;
using Serverless.Unit.Servers;
using Serverless.Validation.Trials;
using Xunit;
using static Serverless.Unit.Packages.Onnx.OnnxBytes;

namespace Serverless.Unit.Validation.Trials;

public sealed class OpeningTrialTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text-unknown-operator", "No Op registered for Frobnicate with domain_version of 17")]
    [InlineData("text-unknown-domain", "com.example:Tanh(-1) is not a registered function/op")]
    public async Task Registration_OfAnUnknownOperator_IsRefusedInTheRuntimesWords(string model, string message)
    {
        await using ValidationRig rig = await ValidationRig.StartAsync(servers);
        ModelRegistry registry = rig.Get<ModelRegistry>();

        var error = await Assert.ThrowsAsync<ModelRejectedException>(() =>
            registry.RegisterAsync(TestModels.Folder(model), new Registration(rig.Model, "tests"), Token)
        );

        Assert.Contains("/new: model.onnx: found what ONNX Runtime does not open (", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Model, await registry.ListNamesAsync(Token));
    }

    /// <summary>ONNX Runtime writes functions out where they are called, which makes 2^30 nodes of these.</summary>
    [Fact]
    public async Task AFileThatOpensWithoutEnd_IsRefusedWhenItsTimeIsUp()
    {
        using var package = new TemporaryPackage("functions");
        await File.WriteAllBytesAsync(package.PathOf("model.onnx"), DoublingFunctions(30), Token);
        ModelLimits limits = new() { MaxGraphNodes = int.MaxValue };
        PackageContents contents = PackageContents.Read(new PackageFiles(package.Folder, limits), limits);
        OpeningTrial trial = new(
            new TrialOptions { Program = Candidates.Program, LoadWithin = TimeSpan.FromSeconds(1.5) },
            TimeProvider.System
        );

        var error = await Assert.ThrowsAsync<ModelRejectedException>(() =>
            trial.GuardAsync(contents, new ModelReference("functions", "1", "sha256:0"), Token)
        );

        Assert.Contains("There was no answer within 1.5 s; the process was killed.", error.Message, StringComparison.Ordinal);
    }
}
