using System.Diagnostics;
using System.Text.RegularExpressions;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Whatever the README says to type at a running system, typed.</summary>
public sealed partial class ReadmeTests(SharedStack shared)
{
    public static TheoryData<string> Requests() =>
        new(
            ReadmeBlocks()
                .Matches(File.ReadAllText(Path.Combine(Checkout.Root, "README.md")))
                .SelectMany(block => block.Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
                .Where(line => line.StartsWith("curl ", StringComparison.Ordinal))
        );

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_OfTheReadme_IsAnswered(string request)
    {
        string folder = Directory.CreateTempSubdirectory("readme-").FullName;
        File.Copy(Path.Combine(Checkout.SamplesMedia, "football-grey.jpg"), Path.Combine(folder, "photo.jpg"));
        File.CreateSymbolicLink(Path.Combine(folder, "samples"), Path.Combine(Checkout.Root, "samples"));
        await RegisterAsync("my-model"); // which the README registers before it asks for it
        string here = request.Replace("http://127.0.0.1:7071/", shared.Stack.FunctionsAddress.ToString(), StringComparison.Ordinal);
        ProcessStartInfo start = new(
            "bash",
            ["-euc", here.Replace("curl ", "curl --silent --show-error --fail-with-body ", StringComparison.Ordinal)]
        )
        {
            WorkingDirectory = folder,
        };
        start.Environment["KEY"] = shared.Stack.FunctionsKey;

        (int code, string output) = await Terminal.RunAsync(start);

        Assert.True(code == 0, $"{request}\n{output}");
        Assert.StartsWith("{", output, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private async Task RegisterAsync(string name)
    {
        (int code, string output) = await Terminal.RunAsync(
            "dotnet",
            typeof(LocalStack).Assembly.Location,
            "model",
            "--name",
            name,
            "--from",
            Path.Combine(Checkout.SamplesModels, "image-labels", "1"),
            "--licence",
            "MIT",
            "--metric",
            "f1=0.91",
            "--data",
            shared.Stack.Options.DataDirectory,
            "--port",
            $"{shared.Stack.Options.Ports.Functions}"
        );
        Assert.True(code == 0, output);
    }

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex ReadmeBlocks();
}
