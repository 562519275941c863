using System.Diagnostics;
using System.Text.Json;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>The commands that generate load and recommend instances, as a person at the terminal meets them.</summary>
public sealed class SizingCommandTests(SharedStack shared)
{
    private static readonly string Stack = typeof(LocalStack).Assembly.Location;

    private string Data => shared.Stack.Options.DataDirectory;

    /// <summary>With limits that hold whatever else the machine does: it is the report that is tried, not the speed.</summary>
    [Fact]
    public async Task Load_OfAMix_WritesWhatCallersMet()
    {
        string folder = Folder("load");

        (int code, string output) = await Terminal.RunAsync(
            "dotnet",
            Stack,
            "load",
            "--at",
            "15 for 1s, 15..25 for 1s",
            "--mix",
            "search=2,predict:entities=2,predict:things=1,upload=1",
            "--within",
            "10m",
            "--timeout",
            "2m",
            "--data",
            Data,
            "--out",
            folder
        );

        Assert.True(code == 0, output);
        Assert.Contains("The objective was kept.", output, StringComparison.Ordinal);
        using JsonDocument report = await ReadAsync(folder, "load.json");
        JsonElement trial = report.RootElement.GetProperty("trials")[0];
        Assert.Equal(0, trial.GetProperty("failed").GetInt64());
        Assert.Equal(
            ["predict:entities", "predict:things", "search", "upload"],
            trial.GetProperty("sorts").EnumerateArray().Select(sort => sort.GetProperty("name").GetString())
        );
        Assert.DoesNotContain(shared.Stack.FunctionsKey, report.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("<svg", await File.ReadAllTextAsync(Path.Combine(folder, "load.html"), Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_OfADeployedApp_TakesTheKeyOfTheVariable_AndFindsTheHighestRate()
    {
        string folder = Folder("load-max");
        ProcessStartInfo start = new(
            "dotnet",
            [
                Stack,
                "load",
                "--at",
                "max",
                "--for",
                "500ms",
                "--from-rate",
                "4",
                "--most-rate",
                "8",
                "--repeats",
                "1",
                "--mix",
                "search",
                "--within",
                "10m",
                "--address",
                $"{shared.Stack.FunctionsAddress}",
                "--out",
                folder,
            ]
        );
        start.Environment["KEY"] = shared.Stack.FunctionsKey;

        (int code, string output) = await Terminal.RunAsync(start);

        Assert.True(code == 0, output);
        Assert.Contains("8 requests/s keep the objective in 1 of 1 trials.", output, StringComparison.Ordinal);
        using JsonDocument report = await ReadAsync(folder, "load.json");
        Assert.Equal(8, report.RootElement.GetProperty("capacity").GetProperty("rate").GetDouble());
    }

    [Fact]
    public async Task Load_OfCaptures_SendsThemAgain()
    {
        string folder = Folder("load-replay");
        string captures = Path.Combine(Directory.CreateDirectory(folder).FullName, "captures.jsonl");
        await File.WriteAllLinesAsync(
            captures,
            Enumerable
                .Range(0, 6)
                .Select(second =>
                    $$$"""{"kind":"prediction","time":"2026-01-01T00:00:0{{{second}}}Z","model":"topics","input":{"kind":"text","items":1,"size":80}}"""
                ),
            Ct
        );

        (int code, string output) = await Terminal.RunAsync(
            "dotnet",
            Stack,
            "load",
            "--replay",
            captures,
            "--speed",
            "5",
            "--within",
            "10m",
            "--data",
            Data,
            "--out",
            folder
        );

        Assert.True(code == 0, output);
        using JsonDocument report = await ReadAsync(folder, "load.json");
        JsonElement trial = report.RootElement.GetProperty("trials")[0];
        Assert.Equal((6, 0), (trial.GetProperty("requests").GetInt64(), trial.GetProperty("failed").GetInt64()));
        Assert.Equal(2, trial.GetProperty("lasts").Deserialize<TimeSpan>().TotalSeconds); // 5 s five times as fast, and one for the last
    }

    [Fact]
    public async Task Load_KeyThatIsRefused_EndsWithOneLine()
    {
        ProcessStartInfo start = new("dotnet", [Stack, "load", "--at", "1", "--address", $"{shared.Stack.FunctionsAddress}"]);
        start.Environment["KEY"] = "wrong";

        (int code, string output) = await Terminal.RunAsync(start);

        Assert.Equal(2, code);
        Assert.Equal(
            $"{shared.Stack.FunctionsAddress}api/search refuses the key (401). Set the variable KEY to a function key of the app that may "
                + "do this.",
            output.Trim()
        );
    }

    [Theory]
    [InlineData("The rate -5 is not possible", "load", "--at", "-5")]
    [InlineData("The mix names 'serach'; known are search, upload and predict:MODEL", "load", "--at", "5", "--mix", "serach=1")]
    [InlineData("One of --at (AT=20, AT=5..50, AT=max) and --replay", "load")]
    [InlineData("http://127.0.0.1:1/api/search cannot be reached (", "load", "--at", "5", "--address", "http://127.0.0.1:1")]
    [InlineData("/dev/null is a character device; expected is a file", "load", "--at", "5", "--bodies", "/dev/null")]
    [InlineData("The demand is 0; expected is a rate", "recommend", "--model", "samples/models/topics/1")]
    [InlineData(
        "samples/golden/topics.jsonl is not a price list: ",
        "recommend",
        "--model",
        "m",
        "--rate",
        "1",
        "--prices",
        "samples/golden/topics.jsonl"
    )]
    [InlineData("The model is 'nowhere'; expected is the folder of a package", "recommend", "--model", "nowhere", "--rate", "1")]
    [InlineData(
        "--batches is '0'; expected are up to 8 numbers from 1 to 4096.",
        "recommend",
        "--model",
        "m",
        "--rate",
        "1",
        "--batches",
        "0"
    )]
    public async Task WhatCannotBe_EndsWithCode2_AndOneLineThatNamesIt(string message, params string[] arguments)
    {
        (int code, string output) = await Terminal.RunAsync("dotnet", [Stack, .. arguments]);

        Assert.Equal(2, code);
        Assert.StartsWith(message, output, StringComparison.Ordinal);
        Assert.Single(output.Trim().Split('\n'));
    }

    [Fact]
    public async Task Simulate_OfTheAssumedDay_FindsInfraAsItMustBe_AndRefusesATraceOutOfOrder()
    {
        string folder = Folder("simulate");
        string trace = Path.Combine(Directory.CreateDirectory(folder).FullName, "trace.csv");
        await File.WriteAllTextAsync(trace, "0\n60\n30\n", Ct);

        (int code, string output) = await Terminal.RunAsync("dotnet", Stack, "simulate", "--environment", "qa", "--out", folder);
        (int refused, string why) = await Terminal.RunAsync("dotnet", Stack, "simulate", "--trace", trace, "--out", folder);

        Assert.True(code == 0, output);
        Assert.Contains("The numbers of infra/ are those that the assumptions need.", output, StringComparison.Ordinal);
        using JsonDocument report = await ReadAsync(folder, "simulate.json");
        Assert.Equal(3, report.RootElement.GetProperty("results").GetArrayLength());
        Assert.Equal((2, "The trace is out of order: line 3 is not later than the one before it."), (refused, why.Trim()));
    }

    /// <summary>A registered version, as the registry has it; at a latency that holds whatever else the machine does.</summary>
    [Fact]
    public async Task Recommend_OfARegisteredVersion_WritesWhatToTake()
    {
        string folder = Folder("recommend");

        (int code, string output) = await Terminal.RunAsync(
            "dotnet",
            Stack,
            "recommend",
            "--model",
            "topics/1",
            "--golden",
            "samples/golden/topics.jsonl",
            "--rate",
            "1",
            "--within",
            "1m",
            "--threads",
            "1",
            "--batches",
            "8",
            "--each",
            "300ms",
            "--kind",
            "Standard_D2as_v5",
            "--data",
            Data,
            "--out",
            folder
        );

        Assert.True(code == 0, output);
        Assert.Contains("1 × ", output, StringComparison.Ordinal);
        using JsonDocument report = await ReadAsync(folder, "recommend.json");
        JsonElement setting = report.RootElement.GetProperty("machines")[0].GetProperty("settings")[0];
        Assert.Equal(
            ("CPU", 1, 8),
            (
                setting.GetProperty("provider").GetString(),
                setting.GetProperty("threads").GetInt32(),
                setting.GetProperty("batchItems").GetInt32()
            )
        );
        Assert.InRange(setting.GetProperty("accuracy").GetProperty("value").GetDouble(), 0.9, 1);
        Assert.Contains("<svg", await File.ReadAllTextAsync(Path.Combine(folder, "recommend.html"), Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recommend_OfAModelThatNeverAnswers_EndsWithOneLineThatSaysSo()
    {
        (int code, string output) = await Terminal.RunAsync(
            "dotnet",
            Stack,
            "recommend",
            "--model",
            "tests/Data/candidates/endless/1",
            "--rate",
            "1",
            "--load-within",
            "4s",
            "--out",
            Folder("recommend-endless")
        );

        Assert.Equal(2, code);
        Assert.Contains(
            "endless/1 could not be measured: model.onnx on CPU: There was no answer within 4 s; the process was killed.",
            output,
            StringComparison.Ordinal
        );
        Assert.Equal(2, output.Trim().Split('\n').Length); // with "Measuring …"
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Folder(string name) => Path.Combine(Checkout.Root, "artifacts", "end-to-end", name);

    private static async Task<JsonDocument> ReadAsync(string folder, string name) =>
        JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, name), Ct));
}
