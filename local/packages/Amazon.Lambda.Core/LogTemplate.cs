using System.Globalization;
using System.Text.RegularExpressions;

namespace Amazon.Lambda.Core;

/// <summary>Fills "{name}" and "{0}" alike with the arguments in their order, as structured logging does.</summary>
internal static partial class LogTemplate
{
    public static string Format(string template, object[] args)
    {
        if (args is null || args.Length == 0)
        {
            return template;
        }
        int next = 0;
        return Hole()
            .Replace(template, hole =>
                next < args.Length ? string.Format(CultureInfo.InvariantCulture, $"{{0{hole.Groups[1].Value}}}", args[next++]) : hole.Value
            );
    }

    [GeneratedRegex(@"\{@?\w+([,:][^}]*)?\}")]
    private static partial Regex Hole();
}
