using System.Reflection;
using System.Reflection.Emit;

namespace Serverless.Local.Host.Functions;

/// <summary>Writes an attribute object back into the form in which a method or parameter can carry it.</summary>
internal static class AttributeEmitter
{
    /// <summary>The constructor that takes most of the attribute's values, and the other values as properties.</summary>
    public static CustomAttributeBuilder Describe(Attribute attribute)
    {
        Dictionary<string, object> values = ValuesOf(attribute);
        ConstructorInfo constructor = attribute
            .GetType()
            .GetConstructors()
            .Where(candidate =>
                candidate
                    .GetParameters()
                    .All(parameter =>
                        values.TryGetValue(parameter.Name!, out object? value) && parameter.ParameterType.IsInstanceOfType(value)
                    )
            )
            .MaxBy(candidate => candidate.GetParameters().Length)
            ?? throw new InvalidOperationException(
                $"{attribute.GetType().Name} has no constructor for the values {string.Join(", ", values.Keys)}."
            );
        ParameterInfo[] parameters = constructor.GetParameters();
        PropertyInfo[] properties =
        [
            .. attribute
                .GetType()
                .GetProperties()
                .Where(property =>
                    property.SetMethod is { IsPublic: true }
                    && values.TryGetValue(property.Name, out object? value)
                    && property.PropertyType.IsInstanceOfType(value)
                    && Nullable.GetUnderlyingType(property.PropertyType) is null
                    && !parameters.Any(parameter => parameter.Name!.Equals(property.Name, StringComparison.OrdinalIgnoreCase))
                ),
        ];
        return new CustomAttributeBuilder(
            constructor,
            [.. parameters.Select(parameter => values[parameter.Name!])],
            properties,
            [.. properties.Select(property => values[property.Name])]
        );
    }

    /// <summary>What metadata can hold: texts, numbers, flags and enumerations.</summary>
    private static Dictionary<string, object> ValuesOf(Attribute attribute)
    {
        Dictionary<string, object> values = new(StringComparer.OrdinalIgnoreCase);
        foreach (PropertyInfo property in attribute.GetType().GetProperties())
        {
            if (
                property.CanRead
                && property.GetIndexParameters().Length == 0
                && property.Name != nameof(Attribute.TypeId)
                && property.GetValue(attribute) is { } value
                && (value is string or Enum or string[] || value.GetType().IsPrimitive)
            )
            {
                values[property.Name] = value;
            }
        }
        return values;
    }
}
