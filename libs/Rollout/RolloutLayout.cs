namespace Serverless.Rollout;

/// <summary>Where the objects of a rollout lie in the store.</summary>
public static class RolloutLayout
{
    public const string Prefix = "rollouts/";

    public static string Rollout(string environment, string model) => $"{Prefix}{environment}/{model}.json";

    /// <summary>Null for a name that is safe in paths and headers; otherwise how it is wrong.</summary>
    internal static string? Fault(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return "is empty; allowed are 1 to 128 letters, digits, '-', '_' and '.'";
        }
        if (name.Length > 128)
        {
            return $"has {name.Length} characters; allowed are 1 to 128";
        }
        return name[0] == '.' || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            ? $"is '{name}'; allowed are letters, digits, '-', '_' and '.', which does not come first"
            : null;
    }
}
