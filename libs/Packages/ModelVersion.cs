using System.Text.RegularExpressions;

namespace Serverless.Packages;

/// <summary>One immutable version of a model. Versions of a name count from 1, and no number is given twice.</summary>
public sealed partial record ModelVersion
{
    /// <exception cref="ModelVersionException">The name or the number is not allowed.</exception>
    public ModelVersion(string name, int version)
    {
        (Name, Version) = (CheckName(name), version);
        if (version < 1)
        {
            throw new ModelVersionException($"Version {version} of model '{name}' cannot be; versions count from 1.");
        }
    }

    public string Name { get; }

    public int Version { get; }

    public override string ToString() => $"{Name}/{Version}";

    /// <summary>A name is a folder of the store and of the cache, so it is one everywhere.</summary>
    public static string CheckName(string name) =>
        NamePattern().IsMatch(name)
            ? name
            : throw new ModelVersionException(
                $"'{name}' is no name for a model; allowed are 1 to 64 lower-case letters, digits, '.', '_' and '-', a letter or "
                    + $"digit first and last."
            );

    [GeneratedRegex(@"^[a-z0-9](?:[a-z0-9._\-]{0,62}[a-z0-9])?\z")]
    private static partial Regex NamePattern();
}
