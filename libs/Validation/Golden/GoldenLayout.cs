namespace Serverless.Validation.Golden;

internal static class GoldenLayout
{
    public const string PointersPrefix = "golden/pointers/";

    public static string Set(GoldenScope scope, string digest) => $"golden/{scope}/{digest}.jsonl";

    public static string Sets(GoldenScope scope) => $"golden/{scope}/";

    /// <summary>By what they are, so that sets share pictures.</summary>
    public static string Media(string digest) => $"golden/media/{digest}";

    public static string Pointer(string environment, GoldenScope scope) => $"{PointersPrefix}{environment}/{scope}.json";
}
