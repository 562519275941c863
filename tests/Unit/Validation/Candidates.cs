using System.Text.Json;
using Serverless.Packages;
using Serverless.Storage;
using Serverless.Unit.Inference;
using Serverless.Validation;
using Serverless.Validation.Golden;
using Serverless.Validation.Judging;
using Serverless.Validation.Reports;
using Serverless.Validation.Trials;
using Xunit;

namespace Serverless.Unit.Validation;

/// <summary>The packages of tests/Data/candidates, and a golden set for them.</summary>
internal static class Candidates
{
    private static readonly string[] Sport = ["goal", "match", "team"];
    private static readonly string[] Politics = ["vote", "law", "senate"];

    /// <summary>The Functions app as it is deployed, which holds trials when it is asked to.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Serverless.Functions.Azure.dll");

    public static string Folder(string name) => TestModels.Data($"candidates/{name}/1");

    /// <summary>800 English and 200 German texts; in a twentieth of the German ones all hangs on the word "wahl".</summary>
    public static IReadOnlyList<GoldenItem> Golden(int english = 800, int german = 200) =>
        [
            .. Enumerable
                .Range(0, english)
                .Select(i =>
                    Item(
                        $"en-{i}",
                        "en",
                        "wire",
                        i % 2 == 0 ? $"the {Sport[i % 3]} today" : $"a {Politics[i % 3]} in the {Politics[(i + 1) % 3]}",
                        i % 2 == 0
                    )
                ),
            .. Enumerable
                .Range(0, german)
                .Select(i =>
                    Item(
                        $"de-{i}",
                        "de",
                        "blog",
                        i % 2 == 0 ? "das tor und spiel"
                            : i % 40 == 1 || i % 40 == 21 ? "die wahl heute"
                            : "das gesetz und die",
                        i % 2 == 0
                    )
                ),
        ];

    public static byte[] Lines(IEnumerable<GoldenItem> items) =>
        [.. items.SelectMany(i => (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(i, StoredJson.Options), (byte)'\n'])];

    /// <summary>Tries a candidate beside the sound one, and judges it.</summary>
    public static async Task<ValidationReport> ValidateAsync(
        string name,
        IReadOnlyList<GoldenItem> golden,
        Action<ValidationOptions>? configure = null,
        string? serving = "sound",
        Predicate<TrialRecord>? isSlow = null
    )
    {
        ValidationOptions options = new()
        {
            Trial =
            {
                Program = Program,
                TimedAnswers = 16,
                LoadWithin = TimeSpan.FromSeconds(60),
            },
            Gates =
            {
                Replicates = 200,
                MaxLatency = TimeSpan.FromSeconds(20),
                LatencySlack = TimeSpan.FromMilliseconds(60),
            },
        };
        configure?.Invoke(options);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("golden-");
        try
        {
            string file = Path.Combine(folder.FullName, "golden.jsonl");
            await File.WriteAllBytesAsync(file, Lines(golden));
            using TrialRunner runner = new(options.Trial, TimeProvider.System);
            TrialRecord trial = await runner.RunAsync(
                new TrialPlan(
                    new("candidate", 2),
                    Folder(name),
                    serving is null ? null : new("candidate", 1),
                    serving is null ? null : Folder(serving),
                    ModelTask.TextClassification,
                    file,
                    golden.Count
                ),
                isSlow ?? new CostGates(options.Gates, options.Trial).IsSlow,
                TestContext.Current.CancellationToken
            );
            return new Judge(options).Decide(Facts(golden.Count, serving is not null), golden, trial, DateTimeOffset.UnixEpoch);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static ValidationFacts Facts(int items, bool serves) =>
        new(
            "validation-prod-1",
            "candidate",
            2,
            "prod",
            Exists: true,
            "sha256:0",
            ModelTask.TextClassification,
            serves ? 1 : null,
            new GoldenPointer(
                "prod",
                "models/candidate",
                ModelTask.TextClassification,
                new string('a', 64),
                items,
                "test",
                DateTimeOffset.UnixEpoch
            ),
            new Gate("digest", true, "", "", "All files are those that were registered.")
        );

    private static GoldenItem Item(string id, string language, string source, string text, bool isSport) =>
        new()
        {
            Id = id,
            Language = language,
            Source = source,
            Text = text,
            Label = isSport ? "sport" : "politics",
        };
}
