using Serverless.Packages;

namespace Serverless.Validation.Golden;

/// <summary>For what a golden set is: one model, or all models of a task that have none of their own.</summary>
public sealed record GoldenScope
{
    private GoldenScope(string kind, string name) => (Kind, Name) = (kind, name);

    /// <summary>"models" or "tasks".</summary>
    public string Kind { get; }

    public string Name { get; }

    public static GoldenScope OfModel(string name) => new("models", ModelVersion.CheckName(name));

    public static GoldenScope OfTask(ModelTask task) =>
        new("tasks", System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(task.ToString()));

    public override string ToString() => $"{Kind}/{Name}";
}

/// <summary>Which golden set an environment judges by; moved by compare-and-swap only.</summary>
/// <param name="Digest">SHA-256 of the lines, in hexadecimal.</param>
/// <param name="Scope">"models/{name}" or "tasks/{task}".</param>
public sealed record GoldenPointer(string Environment, string Scope, ModelTask Task, string Digest, int Items, string By, DateTimeOffset At)
{
    /// <summary>Changes with every move; what If-Match compares. Not stored.</summary>
    public string? Tag { get; init; }
}

/// <summary>A golden set as it was stored.</summary>
public sealed record GoldenSet(string Scope, ModelTask Task, string Digest, int Items, IReadOnlyDictionary<string, int> Slices);
