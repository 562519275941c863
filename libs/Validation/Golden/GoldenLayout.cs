namespace Serverless.Validation.Golden;

/// <summary>Where golden sets lie; a scope is "models/{name}" or "tasks/{task}".</summary>
internal static class GoldenLayout
{
    public const string PointersPrefix = "golden/pointers/";

    public const string DraftsPrefix = "golden/drafts/";
    public const string DraftItemsPrefix = "golden/draft-items/";

    private const string Root = "golden/";
    private const string Lines = ".jsonl";

    public static readonly IReadOnlyList<string> SetsPrefixes = [$"{Root}models/", $"{Root}tasks/"];

    public static string Set(string scope, string digest) => $"{Root}{scope}/{digest}{Lines}";

    /// <summary>The inverse; null for an object that is no set.</summary>
    public static (string Scope, string Digest)? SetOf(string path)
    {
        int slash = path.LastIndexOf('/');
        string digest = Path.GetFileNameWithoutExtension(path);
        return path.EndsWith(Lines, StringComparison.Ordinal) && GoldenRules.IsDigest(digest) ? (path[Root.Length..slash], digest) : null;
    }

    /// <summary>By what they are, so that sets share pictures.</summary>
    public static string Media(string digest) => $"{Root}media/{digest}";

    /// <summary>What people said of its items, of which it has no text.</summary>
    public static string Draft(string id) => $"{DraftsPrefix}{id}.json";

    public static string DraftItems(string id) => $"{DraftItemsPrefix}{id}{Lines}";

    public static string Pointer(string environment, string scope) => $"{PointersPrefix}{environment}/{scope}.json";
}
