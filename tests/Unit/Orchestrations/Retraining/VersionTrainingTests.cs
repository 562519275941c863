using Serverless.Captures;
using Serverless.Exports.Asks;
using Serverless.Exports.Files;
using Serverless.Orchestrations.Retraining;
using Serverless.Packages;
using Serverless.Unit.Exports;
using Serverless.Unit.Inference;
using Serverless.Unit.Registry;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Retraining;

public sealed class VersionTrainingTests(SharedServers servers)
{
    private const int Rows = 45;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OurTrainer_RegistersAHead_WithWhereItComesFrom()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        await using RegistryRig models = await RegistryRig.OpenAsync(servers);
        ExportCard card = await ExportAsync(rig);
        using VersionTraining training = new(rig.Exports, models.Registry, new RetrainingOptions());

        TrainedVersion trained = await training.RunAsync(InputOf(card, models.Name), Token);
        TrainedVersion again = await training.RunAsync(InputOf(card, models.Name), Token);

        Assert.Equal((1, null), (trained.Version, trained.Problem));
        Assert.Equal(1, again.Version);
        ModelManifest manifest = (await models.Registry.FindAsync(models.Name, 1, Token))!;
        Assert.Equal(ModelTask.Tensors, manifest.Task);
        Assert.Equal(["a", "b", "c"], manifest.Processing.Labels);
        Assert.Equal(
            new ModelLineage
            {
                TrainingRun = "run-1",
                DataDigest = $"sha256:{card.Sha256}",
                CodeCommit = manifest.Lineage.CodeCommit,
                BaseModel = "entities/1",
            },
            manifest.Lineage
        );
        Assert.Equal(
            (Rows, Rows / 3, Rows / 3),
            (
                manifest.Metrics[TrainedRegistration.RowsMetric],
                manifest.Metrics[TrainedRegistration.LabelPrefix + "a"],
                manifest.Metrics[TrainedRegistration.LabelPrefix + "c"]
            )
        );
        Assert.True(manifest.Metrics["crossValidation.accuracy"] > 0.9);
    }

    [Fact]
    public async Task AProgram_IsATrainer_IfItLeavesAPackage()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        await using RegistryRig models = await RegistryRig.OpenAsync(servers);
        ExportCard card = await ExportAsync(rig);
        string script =
            $"test -s {{input}}/data.parquet && test -s {{input}}/card.json && cp -r {TestModels.Folder("labels")} {{output}}/package && "
            + """echo '{"codeVersion":"v{seed}","labels":{"x":3}}' > {output}/lineage.json""";
        using VersionTraining training = new(rig.Exports, models.Registry, new RetrainingOptions { Command = ["sh", "-c", script] });

        TrainedVersion trained = await training.RunAsync(InputOf(card, models.Name), Token);

        Assert.Null(trained.Problem);
        ModelManifest manifest = (await models.Registry.FindAsync(models.Name, trained.Version!.Value, Token))!;
        Assert.Equal(("v7", 3), (manifest.Lineage.CodeCommit, manifest.Metrics[TrainedRegistration.RowsMetric]));
    }

    [Theory]
    [InlineData("echo no data >&2; exit 3", "The trainer ended with 3; expected is 0. It said: no data")]
    [InlineData("true", "The trainer left no folder 'package' in its output folder.")]
    [InlineData("mkdir {output}/package; echo '{' > {output}/lineage.json", "lineage.json cannot be read.")]
    public async Task AProgramThatFails_MakesNoVersion(string script, string problem)
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        await using RegistryRig models = await RegistryRig.OpenAsync(servers);
        ExportCard card = await rig.ExportAsync(ExportRig.Plan);
        using VersionTraining training = new(rig.Exports, models.Registry, new RetrainingOptions { Command = ["sh", "-c", script] });

        TrainedVersion trained = await training.RunAsync(InputOf(card, models.Name), Token);

        Assert.Null(trained.Version);
        Assert.StartsWith(problem, trained.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExportWithoutVectors_IsRefused()
    {
        using ExportRig rig = await ExportRig.OpenAsync(servers);
        await using RegistryRig models = await RegistryRig.OpenAsync(servers);
        ExportCard card = await rig.ExportAsync(ExportRig.Plan);
        using VersionTraining training = new(rig.Exports, models.Registry, new RetrainingOptions());

        TrainedVersion trained = await training.RunAsync(InputOf(card, models.Name), Token);

        Assert.Contains("needed are target and embedding", trained.Problem, StringComparison.Ordinal);
    }

    private static TrainInput InputOf(ExportCard card, string model) => new("run-1", card.Name, card.Version, model, Seed: 7, "ana");

    /// <summary>Three classes that lie apart.</summary>
    private static async Task<ExportCard> ExportAsync(ExportRig rig)
    {
        CaptureRecord[] asked = [.. Enumerable.Range(0, Rows).Select(VectorOf)];
        await rig.CaptureAsync(asked);
        await rig.CaptureAsync([.. asked.Select((line, i) => ExportRig.Feedback(line, $"{"abc"[i % 3]}"))]);
        return await rig.ExportAsync(ExportRig.Plan with { Filters = new ExportFilters(Labelled: true), Embeddings = true });
    }

    private static CaptureRecord VectorOf(int i)
    {
        float[] vector = [(float)Math.Sin(i) / 4, (float)Math.Cos(i) / 4, 0.1f];
        vector[i % 3] += 2;
        return ExportRig.Prediction(i) with
        {
            Output = new OutputSummary("embed", null, null, [], 1, true, new EmbeddingSummary(3, 0, 0, 1, vector)),
        };
    }
}
