using System.Collections.Frozen;

namespace Serverless.Serving.OpenInference;

/// <summary>The tensor data types of the Open Inference Protocol, section "Tensor Data Types".</summary>
public enum Datatype
{
    Bool,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Int8,
    Int16,
    Int32,
    Int64,
    Fp16,
    Fp32,
    Fp64,
    Bytes,
}

public static class Datatypes
{
    private static readonly string[] Names = [.. Enum.GetValues<Datatype>().Select(datatype => datatype.ToString().ToUpperInvariant())];
    private static readonly FrozenDictionary<string, Datatype> ByName = Enum.GetValues<Datatype>()
        .ToFrozenDictionary(NameOf, StringComparer.Ordinal);

    /// <summary>As the protocol writes it; case matters there.</summary>
    public static string NameOf(this Datatype datatype) => Names[(int)datatype];

    public static bool TryParse(string name, out Datatype datatype) => ByName.TryGetValue(name, out datatype);

    /// <summary>For names that were checked before.</summary>
    public static Datatype Parse(string name) => ByName[name];

    public static string Allowed { get; } = string.Join(", ", Enum.GetValues<Datatype>().Select(NameOf));

    /// <summary>Bytes of one element; 0 for BYTES, whose elements differ in length.</summary>
    public static int SizeOf(this Datatype datatype) =>
        datatype switch
        {
            Datatype.Bool or Datatype.UInt8 or Datatype.Int8 => 1,
            Datatype.UInt16 or Datatype.Int16 or Datatype.Fp16 => 2,
            Datatype.UInt32 or Datatype.Int32 or Datatype.Fp32 => 4,
            Datatype.UInt64 or Datatype.Int64 or Datatype.Fp64 => 8,
            Datatype.Bytes => 0,
            _ => throw new ArgumentOutOfRangeException(nameof(datatype), datatype, null),
        };
}
