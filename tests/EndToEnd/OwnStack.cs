using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>
/// Systems of their own for tests that kill or cut something. Each begins with a copy of one data folder in which the models that uploads
/// need are registered: their trials and packages are half of what a first start computes. <see cref="SharedStack"/> shows the first start.
/// </summary>
public static class OwnStack
{
    private static readonly Lazy<Task<string>> Prepared = new(PrepareAsync);

    public static Task<LocalStack> StartAsync(string name, params (string Key, string Value)[] settings) =>
        StartAsync(Options(name, settings));

    /// <summary>Starts over what the data folder holds already, if there is one.</summary>
    /// <param name="options">Of <see cref="Options"/>, with what the test changes.</param>
    public static async Task<LocalStack> StartAsync(StackOptions options)
    {
        if (!Directory.Exists(options.DataDirectory))
        {
            FolderCopy.Make(await Prepared.Value, options.DataDirectory);
        }
        return await LocalStack.StartAsync(options, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// Options for a stack on free ports with an empty data folder, and with the models that uploads need; the folder stays behind for
    /// whoever looks into a failure.
    /// </summary>
    public static StackOptions Options(string name, params (string Key, string Value)[] settings)
    {
        string folder = Path.Combine(Checkout.Root, "artifacts", "end-to-end", name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        return new StackOptions
        {
            DataDirectory = folder,
            Ports = StackPorts.Free(),
            Models = SampleModels.FoldersOfRoles,
            HasGoldenSets = false, // of most tests no promotion is validated
            Settings = settings.ToDictionary(s => s.Key, s => s.Value),
        };
    }

    // Not ended by the test that asks first: others wait for it too.
    private static async Task<string> PrepareAsync()
    {
        StackOptions options = Options("prepared") with { Workers = 0 };
        await using LocalStack stack = await LocalStack.StartAsync(options, TimeProvider.System, CancellationToken.None);
        return options.DataDirectory;
    }
}
