namespace Serverless.Local.Stack;

/// <summary>Where things lie in the checkout that this program was built from.</summary>
public static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string SamplesMedia => Path.Combine(Root, "samples", "media");

    public static string SamplesModels => Path.Combine(Root, "samples", "models");

    /// <summary>What makes the models that are fetched packages, beside their weights.</summary>
    public static string SamplesFetched => Path.Combine(Root, "samples", "fetched");

    public static string SamplesGolden => Path.Combine(Root, "samples", "golden");

    /// <summary>What Node.js loads before Azurite.</summary>
    internal static string AzuriteChanges => Path.Combine(Root, "local", "Stack", "azurite.cjs");

    /// <summary>The built program of a project, in the same configuration as this one.</summary>
    public static string Program(string project, string assembly)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string path = Path.Combine(Root, project, "bin", configuration, "net10.0", assembly + ".dll");
        return File.Exists(path) ? path : throw new StackException($"{path} is missing. Build first: make build");
    }

    /// <summary>The folder of a built Functions app, as it is deployed.</summary>
    public static string AppFolder(string project)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string path = Path.Combine(Root, project, "bin", configuration, "net10.0");
        return File.Exists(Path.Combine(path, "host.json"))
            ? path
            : throw new StackException($"{path} holds no app. Build first: make build");
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Serverless.sln")))
            {
                return at.FullName;
            }
        }
        throw new StackException($"No Serverless.sln above {AppContext.BaseDirectory}: run this from a checkout.");
    }
}

/// <summary>The stack cannot start or finish; the message is one readable line with a hint.</summary>
/// <param name="code">What the command ends with: 1, or 2 where what was asked for cannot be.</param>
public sealed class StackException(string message, int code = 1) : Exception(message)
{
    public int Code { get; } = code;
}
