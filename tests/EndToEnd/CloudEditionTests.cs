using System.Text.Json;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>With <c>-p:Cloud=true -p:OfficialLambda=true</c> the same projects name the official packages, and nothing of the embedded edition.</summary>
public sealed class CloudEditionTests
{
    /// <summary>The versions whose public API the embedded editions follow.</summary>
    private static readonly Dictionary<string, string> Official = new()
    {
        ["Amazon.Lambda.Core"] = "3.2.0",
        ["Amazon.Lambda.RuntimeSupport"] = "2.1.2",
        ["Amazon.Lambda.S3Events"] = "4.0.0",
        ["Amazon.Lambda.SQSEvents"] = "3.0.0",
        ["Amazon.Lambda.Serialization.SystemTextJson"] = "3.0.0",
        ["Microsoft.Azure.Functions.Worker"] = "2.52.0",
        ["Microsoft.Azure.Functions.Worker.Extensions.DurableTask"] = "1.1.7",
        ["Microsoft.Azure.Functions.Worker.Extensions.Http"] = "3.3.0",
        ["Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore"] = "2.1.1",
        ["Microsoft.Azure.Functions.Worker.Extensions.Storage.Blobs"] = "6.8.2",
        ["Microsoft.Azure.Functions.Worker.Extensions.Storage.Queues"] = "5.5.5",
        ["Microsoft.Azure.Functions.Worker.Extensions.Timer"] = "4.3.1",
        ["Microsoft.Azure.DurableTask.Core"] = "3.9.0",
        ["Microsoft.Azure.Functions.Worker.Core"] = "2.52.0",
        ["Microsoft.DurableTask.Abstractions"] = "1.25.0",
        ["Microsoft.DurableTask.Client"] = "1.25.0",
    };

    public static TheoryData<string, string[]> Deployables() => new()
    {
        { "functions/Azure/Functions.Azure.csproj", ["Microsoft.Azure.Functions.Worker", "Microsoft.Azure.Functions.Worker.Sdk", "Microsoft.Azure.Functions.Worker.Extensions.DurableTask"] },
        { "functions/Aws/Functions.Aws.csproj", ["Amazon.Lambda.Core", "Amazon.Lambda.RuntimeSupport", "Amazon.Lambda.SQSEvents"] },
        { "gpu-batch/GpuBatch.csproj", ["Microsoft.ML.OnnxRuntime.Gpu"] },
        { "orchestrations/Orchestrations.csproj", ["Microsoft.DurableTask.Abstractions", "Microsoft.Azure.Functions.Worker.Extensions.DurableTask"] },
    };

    [Theory]
    [MemberData(nameof(Deployables))]
    public async Task Project_ForTheCloud_NamesTheOfficialPackages(string project, string[] needed)
    {
        JsonElement items = await EvaluateAsync(project, cloud: true);
        string[] packages = [.. Identities(items, "PackageReference")];
        Dictionary<string, string?> versions = items.GetProperty("PackageVersion").EnumerateArray()
            .ToDictionary(item => item.GetProperty("Identity").GetString()!, item => item.GetProperty("Version").GetString());

        Assert.Superset(needed.ToHashSet(), packages.ToHashSet());
        Assert.All(packages, package => Assert.True(versions.ContainsKey(package), $"{package} has no version"));
        Assert.All(packages.Where(Official.ContainsKey), package => Assert.Equal(Official[package], versions[package]));
        Assert.DoesNotContain(Identities(items, "ProjectReference"), reference => reference.Contains("embedded/", StringComparison.Ordinal) || reference.Contains("local/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Project_Embedded_ReferencesTheEditionsInstead()
    {
        JsonElement items = await EvaluateAsync("functions/Aws/Functions.Aws.csproj", cloud: false);

        Assert.DoesNotContain(Identities(items, "PackageReference"), Official.ContainsKey);
        Assert.Contains(Identities(items, "ProjectReference"), reference => reference.EndsWith("local/packages/Amazon.Lambda.Core/Amazon.Lambda.Core.csproj", StringComparison.Ordinal));
    }

    [Fact]
    public void Projects_OfTheProduct_NameNoEmbeddedProject()
    {
        string[] product = ["functions", "orchestrations", "gpu-batch", "libs"];

        IEnumerable<string> projects = product.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Checkout.Root, folder), "*.csproj", SearchOption.AllDirectories));

        Assert.All(projects, project => Assert.DoesNotMatch("(embedded|local)/", File.ReadAllText(project)));
    }

    private static async Task<JsonElement> EvaluateAsync(string project, bool cloud)
    {
        (int code, string output) = await Terminal.RunAsync("dotnet", "msbuild", Path.Combine(Checkout.Root, project), $"-p:Cloud={(cloud ? "true" : "false")}", $"-p:OfficialLambda={(cloud ? "true" : "false")}",
            "-getItem:PackageReference", "-getItem:PackageVersion", "-getItem:ProjectReference");
        Assert.True(code == 0, output);
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.GetProperty("Items").Clone();
    }

    private static IEnumerable<string> Identities(JsonElement items, string kind) =>
        items.GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!);
}
