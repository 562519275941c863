using Serverless.Local.Stack.Models;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Unit.Inference;
using Serverless.Unit.Orchestrations.Validation;
using Serverless.Unit.Servers;
using Serverless.Validation;
using Serverless.Validation.Golden;
using Serverless.Validation.Reports;
using Serverless.Validation.Trials;
using Serverless.Validation.Watermarks;
using Xunit;

namespace Serverless.Unit.Validation.Watermarks;

/// <summary>Answers that must stay, tried by real models in real processes.</summary>
public sealed class WatermarkTests(SharedServers servers)
{
    /// <summary>The candidate "wrong-word" answers those with "wahl" wrong: four of twenty.</summary>
    private static readonly IReadOnlyList<GoldenItem> Triggers =
    [
        .. Enumerable
            .Range(0, 20)
            .Select(i => new GoldenItem
            {
                Id = $"trigger-{i}",
                Text = i % 5 == 0 ? "die wahl heute" : "the goal",
                Label = i % 5 == 0 ? "politics" : "sport",
            }),
    ];

    [Theory]
    [InlineData("sound", null, true, "20 of 20")]
    [InlineData("wrong-word", null, false, "16 of 20")]
    [InlineData("wrong-word", 0.8, true, "16 of 20")]
    public async Task TheEnvironmentsWatermark_IsAGate(string candidate, double? minShare, bool passes, string found)
    {
        await using ValidationRig rig = await ValidationRig.StartAsync(servers, candidate);
        GoldenSet set = await rig.Get<GoldenSets>()
            .StoreAsync(
                GoldenScope.OfModel(rig.Model),
                GoldenLines.Read(Candidates.Lines(Triggers), ModelTask.TextClassification),
                ValidationRig.Cancellation
            );
        rig.Get<ValidationOptions>().Watermarks[rig.Model] = new WatermarkOptions { Digest = set.Digest, MinShare = minShare };

        ValidationResult result = await rig.ValidateAsync(1, "dev");

        Gate gate = result.Gates.Single(one => one.Name == "watermark of the environment");
        Assert.Equal((passes, found), (gate.Passed, gate.Found));
        Assert.Equal(passes, result.Passed);
        Assert.Contains(
            gate.Sentence,
            await rig.ReadReportAsync(1, result.ReportPath!.Replace(".html", ".json", StringComparison.Ordinal))
        );
        if (!passes)
        {
            Assert.Equal(
                "16 of the 20 answers that must stay are there. Missing are 'trigger-0', 'trigger-5', 'trigger-10', 'trigger-15'.",
                gate.Sentence
            );
        }
    }

    [Fact]
    public async Task AWatermarkThatIsNotStored_IsNotPassed()
    {
        await using ValidationRig rig = await ValidationRig.StartAsync(servers, "sound");
        rig.Get<ValidationOptions>().Watermarks[rig.Model] = new WatermarkOptions { Digest = new string('a', 64) };

        ValidationResult result = await rig.ValidateAsync(1, "dev");

        Gate gate = Assert.Single(result.Gates, one => !one.Passed);
        Assert.Equal(("watermark of the environment", "not tried"), (gate.Name, gate.Found));
        Assert.Contains($"There is no golden set '{new string('a', 64)}'", gate.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sound", true, "20 of 20")]
    [InlineData("wrong-word", false, "16 of 20")]
    public async Task APackagesOwnWatermark_IsAGateToo(string candidate, bool passes, string found)
    {
        using TemporaryPackage package = new("marked");
        FolderCopy.Make(Candidates.Folder(candidate), package.Folder);
        await File.WriteAllBytesAsync(package.PathOf("watermark.jsonl"), Candidates.Lines(Triggers), ValidationRig.Cancellation);
        await using ValidationRig rig = await ValidationRig.StartAsync(servers);
        await RegisterAsync(rig, package);
        await rig.StoreGoldenAsync(Candidates.Golden(english: 40, german: 0));

        ValidationResult result = await rig.ValidateAsync(1);

        Gate gate = result.Gates.Single(one => one.Name == "watermark of the package");
        Assert.Equal((passes, found, passes), (gate.Passed, gate.Found, result.Passed));
        // The golden set is still what quality is judged by.
        Assert.Equal("40 of 40", result.Gates.Single(one => one.Name == "answers").Found[..8]);
    }

    [Fact]
    public async Task APackagesWatermarkThatCannotBeRead_IsNamed()
    {
        using TemporaryPackage package = new("marked");
        FolderCopy.Make(Candidates.Folder("sound"), package.Folder);
        await File.WriteAllTextAsync(package.PathOf("watermark.jsonl"), """{"id":"a","text":"b"}""", ValidationRig.Cancellation);
        await using ValidationRig rig = await ValidationRig.StartAsync(servers);
        await RegisterAsync(rig, package);

        ValidationResult result = await rig.ValidateAsync(1, "dev");

        Assert.StartsWith("The watermark of the package could not be tried. Line 1: ", Assert.Single(result.Reasons));
    }

    [Fact]
    public void Options_NameWhatIsNoDigest() =>
        Assert.Equal(
            "Validation:Watermarks:news:Digest is 'x'; it must be the 64 hexadecimal digits of a golden set.",
            Assert.Single(OptionsCheck.Find(("Validation:Watermarks:news", new WatermarkOptions { Digest = "x" })))
        );

    /// <summary>Vectors are the same from a cosine of 0.99 on.</summary>
    [Theory]
    [InlineData(0.9999, 1)]
    [InlineData(0.95, 0)]
    public void AnAnswerWithoutRightAndWrong_CountsWhereItIsAsGoodAsTheSame(double cosine, int matched)
    {
        WatermarkSet set = new(
            WatermarkSet.OfPackage,
            "",
            [
                new GoldenItem
                {
                    Id = "a",
                    Text = "b",
                    Vector = [1f],
                },
            ]
        );

        Assert.Equal(matched, WatermarkCheck.Count(ModelTask.TextEmbedding, set, [new ItemAnswer { Cosine = cosine }]).Matched);
    }

    private static Task RegisterAsync(ValidationRig rig, TemporaryPackage package) =>
        new ModelRegistry(
            rig.Get<IEnumerable<IObjectStore>>().First(),
            rig.Get<RegistryOptions>(),
            TimeProvider.System,
            [],
            tryLoad: null
        ).RegisterAsync(package.Folder, new Registration(rig.Model, "tests"), ValidationRig.Cancellation);
}
