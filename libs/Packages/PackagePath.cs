namespace Serverless.Packages;

/// <summary>Which paths a file of a package may have: those that every store and every disk keep as they are, inside the package.</summary>
public static class PackagePath
{
    private const int MaxChars = 255;

    /// <summary>Null for a path that may be used, otherwise what is wrong with it.</summary>
    public static string? Fault(string path)
    {
        if (path.Length is 0 or > MaxChars)
        {
            return $"a path of {path.Length} characters, where 1 to {MaxChars} are allowed";
        }
        if (path.Any(char.IsControl) || path.IndexOfAny(['\\', ':']) >= 0)
        {
            return "a control character, a backslash or a colon in a path";
        }
        if (path[0] == '/')
        {
            return "an absolute path";
        }
        string[] segments = path.Split('/');
        if (segments.Contains(".."))
        {
            return "a path that leaves the package";
        }
        return segments.Any(s => s.Length == 0 || s == "." || s.EndsWith('.') || s != s.Trim())
            ? "a path with a segment that is empty, or begins or ends with a space, or ends with a dot"
            : null;
    }
}
