namespace Serverless.Inference.Text;

/// <summary>
/// One label of a tagging scheme: BIO, BIOES (E ends, S stands alone), BILOU (L ends, U stands alone), or bare types. Type is null for
/// O, which is outside every entity.
/// </summary>
public readonly record struct EntityLabel(string? Type, bool Begins, bool Ends)
{
    public static EntityLabel Parse(string label) =>
        label switch
        {
            "O" => default,
            [var prefix, '-' or '_', .. var type] when "BIESLU".Contains(prefix) && type.Length > 0 => new EntityLabel(
                type,
                prefix is 'B' or 'S' or 'U',
                prefix is 'E' or 'S' or 'L' or 'U'
            ),
            _ => new EntityLabel(label, false, false),
        };
}
