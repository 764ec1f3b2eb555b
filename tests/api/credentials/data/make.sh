#!/bin/sh
# Makes the certificates and the key set beside this file anew, with OpenSSL and Python. The private keys are thrown away.
set -eu
data=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > ca.cnf <<'END'
[ca]
default_ca = test
[test]
new_certs_dir = .
database = index.txt
serial = serial
default_md = sha256
policy = names
unique_subject = no
[names]
commonName = supplied
[authority]
basicConstraints = critical,CA:TRUE
[leaf]
basicConstraints = critical,CA:FALSE
subjectAltName = DNS:ingress.example.org
[req]
distinguished_name = dn
[dn]
END
touch index.txt
echo 01 > serial
for name in root leaf forever; do openssl ecparam -name prime256v1 -genkey -noout -out $name.key; done
openssl genrsa -out intermediate.key 2048
for name in root intermediate leaf forever; do
    openssl req -new -config ca.cnf -key $name.key -subj "/CN=$name.example.org" -out $name.csr
done
# name, extensions, not before, not after, then who signs
sign() {
    name=$1 extensions=$2 start=$3 end=$4
    shift 4
    openssl ca -config ca.cnf -batch -notext -in "$name.csr" -extensions "$extensions" -startdate "$start" -enddate "$end" \
        -out "$name.pem" "$@"
}
sign root authority 20260101000000Z 20360101000000Z -selfsign -keyfile root.key
sign intermediate authority 20260101000000Z 20261201000000Z -cert root.pem -keyfile root.key
sign leaf leaf 20260601000000Z 20270301120000Z -cert intermediate.pem -keyfile intermediate.key
sign forever leaf 20260101000000Z 99991231235959Z -selfsign -keyfile forever.key

cp leaf.pem "$data/leaf.pem"
cp forever.pem "$data/without_end.pem"
cat leaf.pem intermediate.pem root.pem > "$data/chain.pem"
openssl x509 -in leaf.pem -text > "$data/with_text.pem"
openssl x509 -in leaf.pem -outform DER -out "$data/leaf.der"
openssl x509 -in leaf.pem -trustout -addtrust serverAuth -out "$data/trusted.pem"
openssl pkcs12 -export -nokeys -in "$data/chain.pem" -passout pass:secret -out "$data/chain.p12"
openssl crl2pkcs7 -nocrl -certfile "$data/chain.pem" -out "$data/chain.p7b"
openssl crl2pkcs7 -nocrl -certfile "$data/chain.pem" -outform DER -out "$data/chain.p7"
cp leaf.csr "$data/request.pem"
for name in leaf intermediate; do openssl x509 -in $name.pem -outform DER -out $name.der; done
openssl ec -in leaf.key -pubout -outform DER -out leaf.pub
python3 - > "$data/keys.json" <<'END'
import base64, json

point = open("leaf.pub", "rb").read()[-64:]
url = lambda part: base64.urlsafe_b64encode(part).rstrip(b"=").decode()
chain = [base64.b64encode(open(name, "rb").read()).decode() for name in ("leaf.der", "intermediate.der")]
key = {"kty": "EC", "crv": "P-256", "x": url(point[:32]), "y": url(point[32:])}
keys = [
    {**key, "kid": "kid-of-the-current-key", "use": "sig", "alg": "ES256", "nbf": 1767225600, "exp": 1798761600},
    {**key, "kid": "kid-with-a-chain", "use": "sig", "x5c": chain},
    {**key, "kid": "kid-without-an-end", "use": "enc"},
]
print(json.dumps({"keys": keys}, indent=1))
END
