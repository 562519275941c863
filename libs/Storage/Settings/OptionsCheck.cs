using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Serverless.Storage;

/// <summary>
/// Holds options against their annotations and against what they check themselves across keys, as <see cref="IValidatableObject"/>,
/// whose messages begin with the key. Every problem names section, key, the value found and the values allowed; .NET's Validator names
/// no value, and leaves the checks across keys out once an annotation fails.
/// </summary>
public static class OptionsCheck
{
    /// <exception cref="ArgumentException">Names everything that is wrong.</exception>
    public static void Run(params ReadOnlySpan<(string Section, object Options)> sections)
    {
        if (Find(sections) is { Count: > 0 } problems)
        {
            throw new ArgumentException($"Settings are wrong. {string.Join(' ', problems)}");
        }
    }

    public static IReadOnlyList<string> Find(params ReadOnlySpan<(string Section, object Options)> sections)
    {
        List<string> problems = [];
        foreach ((string section, object options) in sections)
        {
            problems.AddRange(Annotated(options).Concat(Own(options)).Select(problem => $"{section}:{problem}"));
        }
        return problems;
    }

    private static IEnumerable<string> Annotated(object options) =>
        from property in options.GetType().GetProperties()
        let value = property.GetValue(options)
        from attribute in property.GetCustomAttributes<ValidationAttribute>()
        where !attribute.IsValid(value)
        select $"{property.Name} {Describe(value)}; {Allowed(attribute)}.";

    private static IEnumerable<string> Own(object options) =>
        options is IValidatableObject own ? own.Validate(new ValidationContext(options)).Select(problem => problem.ErrorMessage!) : [];

    private static string Describe(object? found) =>
        found switch
        {
            null or "" or ICollection { Count: 0 } => "is empty",
            ICollection many => $"has {many.Count} entries",
            string text => $"is '{text}'",
            _ => $"is {Write(found)}",
        };

    private static string Allowed(ValidationAttribute attribute) =>
        attribute switch
        {
            { ErrorMessage: { } words } => words,
            RequiredAttribute => "it must be set",
            MinLengthAttribute least => $"allowed are {least.Length} or more",
            RegularExpressionAttribute expression => $"allowed is what {expression.Pattern} matches",
            RangeAttribute { Maximum: int.MaxValue or >= (double)long.MaxValue } range => range.MinimumIsExclusive
                ? $"allowed is above {Write(range.Minimum)}"
                : $"allowed is {Write(range.Minimum)} or more",
            RangeAttribute { MinimumIsExclusive: false, MaximumIsExclusive: false } range =>
                $"allowed are {Write(range.Minimum)} to {Write(range.Maximum)}",
            RangeAttribute range => $"allowed is {(range.MinimumIsExclusive ? "above " : "")}{Write(range.Minimum)}, "
                + $"{(range.MaximumIsExclusive ? "below" : "up to")} {Write(range.Maximum)}",
            _ => throw new NotSupportedException($"{attribute.GetType().Name} says in no words what it allows."),
        };

    private static string Write(object value) =>
        value is int or long or double
            ? Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("#,0.#####", CultureInfo.InvariantCulture)
            : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
