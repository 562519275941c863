namespace Serverless.Local.Stack.Models.Fetched;

/// <summary>Where fetched models are kept, outside the checkout, so that a fresh clone finds them again.</summary>
public static class ModelCache
{
    /// <summary>Names another folder.</summary>
    public const string Variable = "SERVERLESS_MODEL_CACHE";

    /// <summary>By default the one that the XDG Base Directory Specification gives to caches.</summary>
    public static string Root =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen ? Path.GetFullPath(chosen)
        : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches && Path.IsPathRooted(caches)
            ? Path.Combine(caches, "serverless-media", "models")
        : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
            ".cache",
            "serverless-media",
            "models"
        );
}
