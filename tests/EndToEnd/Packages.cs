using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Registers the packages of tests/Data/candidates, as a person would.</summary>
internal static class Packages
{
    /// <param name="name">Of the model that it becomes the next version of.</param>
    public static async Task RegisterAsync(LocalStack stack, string name, string package)
    {
        (int code, string output) = await Terminal.RunAsync(
            "dotnet",
            typeof(LocalStack).Assembly.Location,
            "model",
            "--name",
            name,
            "--from",
            Path.Combine(Checkout.Root, "tests/Data/candidates", package, "1"),
            "--data",
            stack.Options.DataDirectory,
            "--port",
            $"{stack.Options.Ports.Functions}"
        );
        Assert.True(code == 0, output);
    }
}
