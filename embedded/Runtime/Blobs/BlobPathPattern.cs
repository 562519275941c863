using System.Text;
using System.Text.RegularExpressions;
using Serverless.Embedded.Runtime.Queues;

namespace Serverless.Embedded.Runtime.Blobs;

/// <summary>
/// A blob trigger's path, such as <c>media/{name}.{extension}</c>. As in the official host a part in braces matches any text,
/// slashes included, the earlier ones as much as they can; doubled braces stand for themselves. <c>{*}</c> matches without a name.
/// </summary>
internal sealed class BlobPathPattern
{
    private readonly Regex? _pattern;

    private BlobPathPattern(string container, string prefix, Regex? pattern) => (Container, Prefix, _pattern) = (container, prefix, pattern);

    public string Container { get; }

    /// <summary>The text that every matching name begins with.</summary>
    public string Prefix { get; }

    public IEnumerable<string> Names => _pattern?.GetGroupNames().Where(name => !char.IsAsciiDigit(name[0])) ?? [];

    /// <summary>Null, with the fault named, where the text is no path.</summary>
    public static BlobPathPattern? Parse(string path, out string? fault)
    {
        var slash = path.IndexOf('/');
        var container = slash < 0 ? path : path[..slash];
        var name = slash < 0 ? "" : path[(slash + 1)..];
        fault = QueueNames.AreValid(container) || container is "$root" or "$web"
            ? null
            : $"'{container}' in the path '{path}' is not a container name: allowed are 3 to 63 lower-case letters, digits and single dashes";
        if (fault is not null)
            return null;
        if (name.Length == 0)
            return new BlobPathPattern(container, "", null);
        return Translate(name, out var prefix, out fault) is { } expression
            ? new BlobPathPattern(container, prefix, new Regex(expression, RegexOptions.Singleline | RegexOptions.CultureInvariant))
            : null;
    }

    /// <summary>The named parts of a blob's name; null where it does not match.</summary>
    public IReadOnlyDictionary<string, string>? Match(string name)
    {
        if (_pattern is null)
            return new Dictionary<string, string>();
        var match = _pattern.Match(name);
        return match.Success ? Names.ToDictionary(part => part, part => match.Groups[part].Value, StringComparer.OrdinalIgnoreCase) : null;
    }

    private static string? Translate(string name, out string prefix, out string? fault)
    {
        var expression = new StringBuilder("^");
        var literal = new StringBuilder();
        string? before = null;
        fault = null;
        prefix = "";
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] is not ('{' or '}') || (i + 1 < name.Length && name[i + 1] == name[i]))
            {
                i += name[i] is '{' or '}' ? 1 : 0;
                literal.Append(name[i]);
                continue;
            }

            var close = name.IndexOf('}', i);
            var part = close > i ? name[(i + 1)..close] : "";
            if (name[i] == '}' || !(part == "*" || IsName(part)))
            {
                fault = $"the path part '{name}' has a brace at {i} that does not enclose a name; write two braces for a brace itself";
                return null;
            }

            before ??= literal.ToString();
            expression.Append(Regex.Escape(literal.ToString())).Append(part == "*" ? ".*" : $"(?<{part}>.*)");
            literal.Clear();
            i = close;
        }

        prefix = before ?? literal.ToString();
        return expression.Append(Regex.Escape(literal.ToString())).Append(@"\z").ToString();
    }

    private static bool IsName(string part) => part.Length > 0 && !char.IsAsciiDigit(part[0]) && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
